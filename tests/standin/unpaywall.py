"""A stand-in for Unpaywall: where the work with a DOI may be read."""

from tests.standin.crossref import doi_of
from tests.standin.openalex import NOT_FOUND
from tests.standin.records import Row
from tests.standin.replies import HTML, Reply
from tests.standin.services import Call, Service, render_json
from tests.standin.works import work_of

REFUSED_HOSTS = ("example.com",)


def make(rows: list[Row]):
    """Return what answers for these records."""
    known = {doi_of(row): row for row in rows[::-1] if doi_of(row)}

    def answer(call: Call) -> Reply:
        if refusal := refuse(call.params.get("email", "")):
            said = {"HTTP_status_code": 422, "error": True, "message": refusal}
            return render_json(said, 422)
        row = known.get(call.program.lower())
        if row is None:
            return Reply(NOT_FOUND.encode(), HTML, 404, wire="sized")
        return render_json(shape(row))

    return answer


def refuse(email: str) -> str:
    """Say what is wrong with an e-mail address; "" when nothing is."""
    if "@" not in email:
        return "Email address required in API call, see https://unpaywall.org/products"
    if email.endswith(REFUSED_HOSTS):
        return f"Please use your own email address in API calls, not {email}"
    return ""


def shape(row: Row) -> dict[str, object]:
    """Return what is known of a work; one without a place of its own is closed."""
    work, doi = work_of(row), doi_of(row)
    places = []
    if work.pmc:
        page = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{work.pmc}"
        places.append(
            {
                "url": f"{page}/pdf",
                "url_for_pdf": f"{page}/pdf",
                "url_for_landing_page": page,
                "host_type": "repository",
                "license": "cc-by",
                "version": "acceptedVersion",
                "evidence": "deprecated",
                "is_best": True,
                "pmh_id": "oai:invented:1",
                "updated": "deprecated",
            }
        )
    best = places[0] if places else None
    return {
        "doi": doi,
        "doi_url": f"https://doi.org/{doi}",
        "title": work.title,
        "genre": "journal-article",
        "is_paratext": False,
        "published_date": work.iso_day or None,
        "year": work.year or None,
        "journal_name": work.journal,
        "journal_issn_l": work.issn or None,
        "publisher": "Invented Publishers",
        "is_oa": bool(places),
        "oa_status": "green" if places else "closed",
        "has_repository_copy": bool(places),
        "best_oa_location": best,
        "first_oa_location": best,
        "oa_locations": places,
        "oa_locations_embargoed": [],
        "updated": "2026-08-01T00:00:00Z",
        "data_standard": 2,
        "z_authors": None,
    }


SERVICE = Service(base="/v2/", make=make)
