/* One PubmedArticle in bytes in, one Record out: pubmed_xml_record.py in C.

   The tables say for each element what becomes of it, as the tables there do, and for
   the same elements; what stands in none is skipped. The parser in Python is the
   measure: the record is equal to the one that it reads, or None comes, and it reads
   it. Books, and whatever is rare or looks wrong, come to None. */

#include "pubmed_scan_parts.h"

/* --- what can become of an element ------------------------------------------------ */

/* A line of a table. `read` is called when the start tag was read, and reads to behind
   the end tag. */
typedef struct Line {
    const char *name;
    int (*read)(Reading *, const struct Line *);
    int field;
    const struct Line *inside;             /* read_inside */
    const char *child;                     /* read_each: the only child it may have */
    int (*make)(Reading *);                /* read_each, read_one: pushes one value */
    const char *origin, *attribute;        /* read_date */
} Line;

/* Find an element in a table. They come in the order of the tables, so the search goes
   on behind the line found last. */
static const Line *
find_line(const Line *table, const Line **last, Piece name)
{
    const Line *line = *last;

    do {
        if (piece_is(name, line->name, strlen(line->name)))
            return *last = line;
        if ((++line)->name == NULL)
            line = table;
    } while (line != *last);
    return NULL;
}

/* Read the element's children by a table. */
static int
read_inside(Reading *reading, const Line *own)
{
    Tag tag = reading->scan.tag;
    const Line *last = own->inside;
    int more;

    while ((more = next_child(&reading->scan, &tag)) > 0) {
        const Line *line = find_line(own->inside, &last, reading->scan.tag.name);
        if (line == NULL ? gather(&reading->scan) < 0 : line->read(reading, line) < 0)
            return -1;
    }
    return more;
}

/* Books have other rules. */
static int
refuse(Reading *Py_UNUSED(reading), const Line *Py_UNUSED(own))
{
    return -1;
}

/* Set a field to the element's text unless an earlier element set it. */
static int
read_text(Reading *reading, const Line *own)
{
    PyObject *old = reading->fields[own->field];

    if (old != NULL && PyUnicode_GET_LENGTH(old) > 0)
        return gather(&reading->scan);
    return push_text(reading) < 0 ? -1 : set_field(reading, own->field);
}

/* Append the element's value to a field. */
static int
read_one(Reading *reading, const Line *own)
{
    return own->make(reading) < 0 ? -1 : append_field(reading, own->field);
}

/* Append the value of each of the element's children to a field. */
static int
read_each(Reading *reading, const Line *own)
{
    Tag tag = reading->scan.tag;
    Py_ssize_t base = reading->scan.value_count;
    int more;

    while ((more = next_child(&reading->scan, &tag)) > 0)
        if (!piece_is(reading->scan.tag.name, own->child, strlen(own->child))
            || own->make(reading) < 0)
            return -1;
    return more < 0 ? -1 : extend_field(reading, own->field, base);
}

/* --- elements that need more than a line of a table ------------------------------- */

/* Append an Accession for each number of a DataBank; without any, one without. */
static int
read_bank(Reading *reading, const Line *own)
{
    Scan *scan = &reading->scan;
    Py_ssize_t base = scan->value_count;

    if (push_head_and_rest(reading, "DataBankName", "AccessionNumberList",
                           "AccessionNumber", push_text) < 0
        || (scan->value_count == base + 1 && reserve(reading, 1) < 0))
        return -1;
    for (Py_ssize_t i = base + 1; i < scan->value_count; i++) {
        if (push(scan, Py_NewRef(scan->values[base])) < 0
            || push(scan, Py_NewRef(scan->values[i])) < 0
            || build(reading, ACCESSION) < 0)
            return -1;
        settle(scan, i);
    }
    if (extend_field(reading, own->field, base + 1) < 0)
        return -1;
    Py_DECREF(pop(scan));
    return 0;
}

static int
read_keywords(Reading *reading, const Line *own)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    Py_ssize_t base = scan->value_count;
    int more;

    if (push_attribute(reading, "Owner", "NLM") < 0)
        return -1;
    while ((more = next_child(scan, &tag)) > 0) {
        int starred = attribute_is(scan, "MajorTopicYN", "Y");
        if (starred < 0 || !NAMED(scan, "Keyword") || push_text(reading) < 0
            || push(scan, Py_NewRef(scan->values[base])) < 0
            || push_bool(reading, starred) < 0 || build(reading, KEYWORD) < 0)
            return -1;
    }
    if (more < 0 || extend_field(reading, own->field, base + 1) < 0)
        return -1;
    Py_DECREF(pop(scan));
    return 0;
}

static int
read_authors(Reading *reading, const Line *own)
{
    Scan *scan = &reading->scan;
    int editors = attribute_is(scan, "Type", "editors");
    int cut = attribute_is(scan, "CompleteYN", "N");
    Line line = *own;

    if (editors < 0 || cut < 0)
        return -1;
    if (editors)
        line.field = EDITORS;
    if (cut && (push_bool(reading, 0) < 0 || set_field(reading, AUTHORS_COMPLETE) < 0))
        return -1;
    return read_each(reading, &line);
}

static int
read_pmid(Reading *reading, const Line *own)
{
    if (push_attribute(reading, "Version", "") < 0 || set_field(reading, VERSION) < 0)
        return -1;
    return push_text(reading) < 0 ? -1 : set_field(reading, own->field);
}

static int
read_pages(Reading *reading, const Line *own)
{
    static const char *const PARTS[] = {"StartPage", "EndPage", "MedlinePgn"};
    Scan *scan = &reading->scan;
    Py_ssize_t base = scan->value_count;

    if (push_texts(reading, PARTS, 3) < 0)
        return -1;
    if (PyUnicode_GET_LENGTH(top_of(scan))) {
        settle(scan, base);
        Py_DECREF(pop(scan));
        return set_field(reading, own->field);
    }
    Py_DECREF(pop(scan));
    return join(reading, base, "-") < 0 ? -1 : set_field(reading, own->field);
}

/* Append "label: text"; the label is one of two attributes, or nothing. */
static int
read_note(Reading *reading, const Line *own)
{
    Scan *scan = &reading->scan;
    Py_ssize_t base = scan->value_count;

    if (push_attribute(reading, "Source", "") < 0)
        return -1;
    if (PyUnicode_GET_LENGTH(top_of(scan)) == 0) {
        if (push_attribute(reading, "Type", "") < 0)
            return -1;
        settle(scan, base);
    }
    if (push_text(reading) < 0 || join(reading, base, ": ") < 0)
        return -1;
    return append_field(reading, own->field);
}

static int
read_types(Reading *reading, const Line *own)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    int more;

    while ((more = next_child(scan, &tag)) > 0)
        if (!NAMED(scan, "PublicationType") || push_attribute(reading, "UI", "") < 0
            || append_field(reading, PUBLICATION_TYPE_UIS) < 0
            || push_text(reading) < 0 || append_field(reading, own->field) < 0)
            return -1;
    return more;
}

/* Push the sections of an abstract, those without text and label only when `bare` ones
   are wanted; its copyright goes to the field unless `keep` is set and it has one. */
static int
push_sections(Reading *reading, int bare, int keep)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    int more;

    while ((more = next_child(scan, &tag)) > 0) {
        if (NAMED(scan, "AbstractText")) {
            if (push_section(reading) < 0)
                return -1;
            PyObject *section = top_of(scan);
            if (!bare && !PyUnicode_GET_LENGTH(PyTuple_GET_ITEM(section, 0))
                && !PyUnicode_GET_LENGTH(PyTuple_GET_ITEM(section, 1)))
                Py_DECREF(pop(scan));
        }
        else if (NAMED(scan, "CopyrightInformation")
                 && !(keep && reading->fields[COPYRIGHT] != NULL)) {
            if (push_text(reading) < 0 || set_field(reading, COPYRIGHT) < 0)
                return -1;
        }
        else if (gather(scan) < 0)
            return -1;
    }
    return more;
}

static int
read_abstract(Reading *reading, const Line *own)
{
    Py_ssize_t base = reading->scan.value_count;

    if (push_sections(reading, 0, 0) < 0 || pack(&reading->scan, base) < 0)
        return -1;
    return set_field(reading, own->field);
}

static int
read_other_abstract(Reading *reading, const Line *own)
{
    Py_ssize_t base = reading->scan.value_count;

    if (push_attribute(reading, "Type", "") < 0
        || push_attribute(reading, "Language", "eng") < 0
        || push_sections(reading, 1, 1) < 0 || pack(&reading->scan, base + 2) < 0
        || build(reading, OTHER_ABSTRACT) < 0)
        return -1;
    return append_field(reading, own->field);
}

/* Push the references of a list and of the lists nested in it. */
static int
push_references(Reading *reading, int depth)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    int more;

    while ((more = next_child(scan, &tag)) > 0) {
        int done = NAMED(scan, "Reference") ? push_reference(reading)
                   : NAMED(scan, "Title")   ? gather(scan)
                   : NAMED(scan, "ReferenceList") && depth < DEEPEST
                       ? push_references(reading, depth + 1)
                       : -1;
        if (done < 0)
            return -1;
    }
    return more;
}

static int
read_references(Reading *reading, const Line *own)
{
    Py_ssize_t base = reading->scan.value_count;

    if (push_references(reading, 0) < 0)
        return -1;
    return extend_field(reading, own->field, base);
}

/* --- dates ------------------------------------------------------------------------ */

/* Push the origin of a date, e.g. "History:pubmed". */
static int
push_origin(Reading *reading, const Line *own)
{
    Scan *scan = &reading->scan;
    char origin[2 * LONGEST_NAME];
    size_t size = strlen(own->origin);

    memcpy(origin, own->origin, size);
    if (own->attribute != NULL) {
        origin[size++] = ':';
        for (int i = 0; i < scan->attribute_count; i++) {
            Attribute *attribute = &scan->attributes[i];
            if (!piece_is(attribute->name, own->attribute, strlen(own->attribute)))
                continue;
            if (!attribute->plain || attribute->value.size > LONGEST_NAME)
                return -1;
            memcpy(origin + size, attribute->value.at, (size_t)attribute->value.size);
            size += (size_t)attribute->value.size;
        }
    }
    return push(scan, new_string((Bytes)origin, (Py_ssize_t)size));
}

/* Read the parts of a date into five places; return 1 where the last of them, which is
   a MedlineDate, is the date. Text that folding would change is refused, since dates
   are read from it as it stands. */
static int
read_date_parts(Reading *reading, Py_ssize_t base)
{
    static const char *const PARTS[] = {
        "Year", "Month", "Day", "Season", "MedlineDate"};
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    int more, over = 0, free_text = 0;

    while ((more = next_child(scan, &tag)) > 0) {
        int i = 0;
        while (i < 5 && !piece_is(scan->tag.name, PARTS[i], strlen(PARTS[i])))
            i++;
        if (i == 5 || over) { /* nothing is read behind the hour */
            over |= NAMED(scan, "Hour");
            if (gather(scan) < 0)
                return -1;
            continue;
        }
        if (text_into(reading, base + i) < 0 || !scan->text_exact)
            return -1;
        free_text |= i == 4;
        over |= i == 4;
    }
    return more < 0 ? -1 : free_text;
}

/* Push the date that the element is. */
static int
push_date(Reading *reading, const Line *own)
{
    Scan *scan = &reading->scan;
    State *state = reading->state;
    Py_ssize_t base = scan->value_count;
    int free_text;

    if (push_origin(reading, own) < 0 || reserve(reading, 5) < 0
        || (free_text = read_date_parts(reading, base + 1)) < 0)
        return -1;
    PyObject **part = scan->values + base;
    PyObject *date =
        free_text ? PyObject_CallOneArg(state->parse_date_text, part[5])
                  : PyObject_CallFunctionObjArgs(state->parse_date, part[1], part[2],
                                                 part[3], part[4], part[0], NULL);
    if (push(scan, date) < 0)
        return -1;
    settle(scan, base);
    while (scan->value_count > base + 1)
        Py_DECREF(pop(scan));
    return 0;
}

static int
read_date(Reading *reading, const Line *own)
{
    return push_date(reading, own) < 0 ? -1 : append_field(reading, own->field);
}

/* Put the date of publication before all other dates. */
static int
read_pub_date(Reading *reading, const Line *own)
{
    PyObject *dates = reading->fields[own->field];

    if (dates == NULL)
        return read_date(reading, own);
    if (push_date(reading, own) < 0
        || PyList_Insert(dates, 0, top_of(&reading->scan)) < 0)
        return -1;
    Py_DECREF(pop(&reading->scan));
    return 0;
}

/* Begin the dates with the one in an attribute, if there is any. */
static int
begin_dates(Reading *reading)
{
    Scan *scan = &reading->scan;

    if (push_attribute(reading, "VersionDate", "") < 0)
        return -1;
    if (PyUnicode_GET_LENGTH(top_of(scan))) {
        PyObject *date = PyObject_CallFunction(reading->state->parse_iso_date, "Os",
                                               top_of(scan), "VersionDate");
        Py_CLEAR(reading->fields[DATES]);
        if (push(scan, date) < 0 || append_field(reading, DATES) < 0)
            return -1;
    }
    Py_DECREF(pop(scan));
    return 0;
}

static int
read_citation(Reading *reading, const Line *own)
{
    if (push_attribute(reading, "Status", "") < 0 || set_field(reading, STATUS) < 0
        || push_attribute(reading, "Owner", "NLM") < 0 || set_field(reading, OWNER) < 0
        || push_attribute(reading, "IndexingMethod", "") < 0
        || set_field(reading, INDEXING_METHOD) < 0 || begin_dates(reading) < 0)
        return -1;
    return read_inside(reading, own);
}

/* --- the tables ------------------------------------------------------------------- */

#define ITS_TEXT(name, field) {name, read_text, field, NULL, NULL, NULL, NULL, NULL}
#define INSIDE(name, table) {name, read_inside, 0, table, NULL, NULL, NULL, NULL}
#define ONE(name, field, make) {name, read_one, field, NULL, NULL, make, NULL, NULL}
#define EACH(name, field, child, make) \
    {name, read_each, field, NULL, child, make, NULL, NULL}
#define DATE(name, origin, attribute) \
    {name, read_date, DATES, NULL, NULL, NULL, origin, attribute}
#define BY(name, read, field) {name, read, field, NULL, NULL, NULL, NULL, NULL}
#define END {NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL}

static const Line HISTORY[] = {DATE("PubMedPubDate", "History", "PubStatus"), END};

static const Line DATA[] = {
    INSIDE("History", HISTORY),
    ITS_TEXT("PublicationStatus", PUBLICATION_STATUS),
    EACH("ArticleIdList", IDENTIFIERS, "ArticleId", push_article_id),
    BY("ReferenceList", read_references, REFERENCES),
    END,
};

static const Line JOURNAL_ISSUE[] = {
    ITS_TEXT("Volume", VOLUME),
    ITS_TEXT("Issue", ISSUE),
    {"PubDate", read_pub_date, DATES, NULL, NULL, NULL, "PubDate", NULL},
    END,
};

static const Line JOURNAL_PARTS[] = {
    ITS_TEXT("ISSN", ISSN),
    INSIDE("JournalIssue", JOURNAL_ISSUE),
    ITS_TEXT("Title", JOURNAL),
    ITS_TEXT("ISOAbbreviation", JOURNAL_ABBREVIATION),
    END,
};

static const Line BANKS[] = {BY("DataBank", read_bank, ACCESSIONS), END};

static const Line ARTICLE[] = {
    INSIDE("Journal", JOURNAL_PARTS),
    ITS_TEXT("ArticleTitle", TITLE),
    BY("Pagination", read_pages, PAGES),
    ONE("ELocationID", IDENTIFIERS, push_location),
    BY("Abstract", read_abstract, ABSTRACT),
    {"AuthorList", read_authors, AUTHORS, NULL, "Author", push_person, NULL, NULL},
    ONE("Language", LANGUAGES, push_text),
    INSIDE("DataBankList", BANKS),
    EACH("GrantList", GRANTS, "Grant", push_grant),
    BY("PublicationTypeList", read_types, PUBLICATION_TYPES),
    ITS_TEXT("VernacularTitle", VERNACULAR_TITLE),
    DATE("ArticleDate", "ArticleDate", "DateType"),
    END,
};

static const Line JOURNAL_INFO[] = {
    ITS_TEXT("Country", COUNTRY),
    ITS_TEXT("MedlineTA", JOURNAL_ABBREVIATION),
    ITS_TEXT("NlmUniqueID", NLM_ID),
    ITS_TEXT("ISSNLinking", ISSN),
    END,
};

static const Line CITATION[] = {
    BY("PMID", read_pmid, PMID),
    DATE("DateCompleted", "DateCompleted", NULL),
    DATE("DateRevised", "DateRevised", NULL),
    INSIDE("Article", ARTICLE),
    INSIDE("MedlineJournalInfo", JOURNAL_INFO),
    EACH("ChemicalList", CHEMICALS, "Chemical", push_chemical),
    EACH("SupplMeshList", SUPPLEMENTARY, "SupplMeshName", push_supplementary),
    ONE("CitationSubset", CITATION_SUBSETS, push_text),
    EACH("CommentsCorrectionsList", CORRECTIONS, "CommentsCorrections",
         push_correction),
    EACH("GeneSymbolList", GENES, "GeneSymbol", push_text),
    EACH("MeshHeadingList", MESH, "MeshHeading", push_mesh),
    EACH("PersonalNameSubjectList", SUBJECTS, "PersonalNameSubject", push_subject),
    BY("OtherID", read_note, NOTES),
    BY("OtherAbstract", read_other_abstract, OTHER_ABSTRACTS),
    BY("KeywordList", read_keywords, KEYWORDS),
    ITS_TEXT("CoiStatement", COI),
    BY("SpaceFlightMission", read_note, NOTES),
    EACH("InvestigatorList", INVESTIGATORS, "Investigator", push_person),
    BY("GeneralNote", read_note, NOTES),
    END,
};

static const Line TOP[] = {
    {"MedlineCitation", read_citation, 0, CITATION, NULL, NULL, NULL, NULL},
    INSIDE("PubmedData", DATA),
    BY("BookDocument", refuse, 0),
    BY("PubmedBookData", refuse, 0),
    END,
};
static const Line ROOT = INSIDE("PubmedArticle", TOP);

/* --- what follows from more than one element -------------------------------------- */

/* Return a DOI that is in its normal form but for capitals, or NULL: most are. The
   full rules are those of normal_doi(); this must give what it gives, or nothing. */
static PyObject *
plain_doi(PyObject *text)
{
    char lower[LONGEST_NAME];
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), digits = 3;

    if (!PyUnicode_IS_ASCII(text) || size > (Py_ssize_t)sizeof lower)
        return NULL;
    const char *doi = (const char *)PyUnicode_1BYTE_DATA(text); /* NUL-terminated */
    if (strncmp(doi, "10.", 3) != 0 || strncmp(doi, "10.1101/", 8) == 0
        || strncmp(doi, "10.64898/", 9) == 0) /* preprints lose their version */
        return NULL;
    while (doi[digits] >= '0' && doi[digits] <= '9')
        digits++;
    if (digits < 7 || digits > 12 || doi[digits] != '/' || size < digits + 2)
        return NULL;
    for (Py_ssize_t i = 0; i < size; i++) {
        int c = doi[i];
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/'
                   || c == '-' || c == '_' || (c == '.' && i + 1 < size)
                   || ((c == '(' || c == ')') && i + 1 < size)))
            return NULL;
        lower[i] = (char)c;
    }
    return PyUnicode_DecodeASCII(lower, size, NULL);
}

/* Set a field to the first normal form among the identifiers of some types. */
static int
set_normal(Reading *reading, int field, const char *type, const char *or_type,
           PyObject *normal)
{
    PyObject *list = reading->fields[IDENTIFIERS];

    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(list); i++) {
        PyObject *id = PyTuple_GET_ITEM(list, i);
        if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(id, 0), type) != 0
            && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(id, 0), or_type) != 0)
            continue;
        if (field == DOI && PyTuple_GET_ITEM(id, 2) != Py_True)
            continue;
        PyObject *text = PyTuple_GET_ITEM(id, 1);
        PyObject *found = field == DOI ? plain_doi(text) : NULL;
        if (found == NULL && !PyErr_Occurred())
            found = PyObject_CallOneArg(normal, text);
        if (push(&reading->scan, found) < 0)
            return -1;
        set_field(reading, field);
        if (PyUnicode_GET_LENGTH(reading->fields[field]))
            return 0;
    }
    return 0;
}

/* Set the year: of the first date, which is PubDate, else the earliest. */
static int
set_year(Reading *reading)
{
    PyObject *dates = reading->fields[DATES], *found = NULL;
    long earliest = 0;

    for (Py_ssize_t i = 0; dates != NULL && i < PyTuple_GET_SIZE(dates); i++) {
        PyObject *year = PyTuple_GET_ITEM(PyTuple_GET_ITEM(dates, i), 0);
        long number = PyLong_AsLong(year);
        if (number == -1 && PyErr_Occurred())
            return -1;
        if (number && (!earliest || number < earliest))
            earliest = number, found = year;
        if (i == 0 && number)
            break;
    }
    if (found != NULL && push(&reading->scan, Py_NewRef(found)) == 0)
        set_field(reading, YEAR);
    return 0;
}

/* Make every field that grew a tuple, and drop identifiers that came before. */
static int
settle_fields(Reading *reading)
{
    for (int i = 0; i < FIELDS; i++) {
        PyObject *value = reading->fields[i];
        if (value == NULL || !PyList_CheckExact(value))
            continue;
        if (push(&reading->scan, PyList_AsTuple(value)) < 0)
            return -1;
        set_field(reading, i);
    }
    PyObject *ids = reading->fields[IDENTIFIERS];
    if (ids == NULL)
        return push(&reading->scan, PyTuple_New(0)) < 0
                   ? -1
                   : set_field(reading, IDENTIFIERS);
    PyObject *once = PyDict_New();
    if (push(&reading->scan, once) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(ids); i++)
        if (PyDict_SetItem(once, PyTuple_GET_ITEM(ids, i), Py_None) < 0)
            return -1;
    return push(&reading->scan, PySequence_Tuple(once)) < 0
               ? -1
               : set_field(reading, IDENTIFIERS);
}

/* Return 0 where nothing speaks against the record, as find_doubt() does. */
static int
is_doubtful(Reading *reading)
{
    PyObject *pmid = reading->fields[PMID], *ids = reading->fields[IDENTIFIERS];
    int named = 0;

    if (pmid == NULL || PyUnicode_GET_LENGTH(pmid) == 0)
        return 1;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(ids); i++) {
        PyObject *id = PyTuple_GET_ITEM(ids, i);
        if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(id, 0), "pubmed") != 0)
            continue;
        if (PyUnicode_Compare(PyTuple_GET_ITEM(id, 1), pmid) == 0)
            return 0;
        named = 1;
    }
    return named;
}

/* Push the Record; it is filled as its own __init__ does, past its being frozen. */
static int
push_record(Reading *reading)
{
    State *state = reading->state;
    PyObject *made = PyBaseObject_Type.tp_new(state->record, state->no_arguments, NULL);

    if (push(&reading->scan, made) < 0)
        return -1;
    for (int i = 0; i < FIELDS; i++) {
        PyObject *value = i == SOURCE                  ? state->source
                          : reading->fields[i] != NULL ? reading->fields[i]
                                                       : state->defaults[i];
        if (PyObject_GenericSetAttr(made, state->names[i], value) < 0)
            return -1;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(state->others); i++)
        if (PyObject_GenericSetAttr(made, PyTuple_GET_ITEM(state->others, i),
                                    PyTuple_GET_ITEM(state->values, i)) < 0)
            return -1;
    return 0;
}

/* --- the module ------------------------------------------------------------------- */

enum { LONGEST_RECORD = 1 << 22 }; /* libxml2 has limits of its own above this */

/* Push the record that begins at scan->at, behind blanks; leave in *start where. */
static int
read_record(Reading *reading, Bytes *start)
{
    Scan *scan = &reading->scan;

    if (skip_blanks(scan) < 0)
        return -1;
    *start = scan->at;
    if (read_start_tag(scan) < 0 || !NAMED(scan, "PubmedArticle")
        || read_inside(reading, &ROOT) < 0 || scan->at - *start > LONGEST_RECORD
        || settle_fields(reading) < 0 || is_doubtful(reading)
        || set_normal(reading, DOI, "doi", "doi", reading->state->normal_doi) < 0
        || set_normal(reading, PMCID, "pmc", "pmcid", reading->state->normal_pmcid) < 0
        || set_year(reading) < 0)
        return -1;
    return push_record(reading);
}

PyDoc_STRVAR(scan_doc,
"scan(block, start)\n--\n\n"
"Return the record that begins at `start` of `block`, and its first and last place.\n\n"
"Blanks before it are passed over. None where there is no record, or one that must be\n"
"read by the parser in Python. The record is equal to what that one reads.");

static PyObject *
scan_one(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Reading reading = {.state = PyModule_GetState(module)};
    PyObject *answer = NULL;
    Bytes start;

    if (count != 2 || !PyBytes_CheckExact(arguments[0])
        || !PyLong_Check(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "scan() takes bytes and a number");
        return NULL;
    }
    if (reading.state->record == NULL) { /* the interpreter is going down */
        PyErr_SetString(PyExc_RuntimeError, "the PubMed scanner was taken down");
        return NULL;
    }
    Bytes block = (Bytes)PyBytes_AS_STRING(arguments[0]);
    Py_ssize_t at = PyLong_AsSsize_t(arguments[1]);
    Py_ssize_t size = PyBytes_GET_SIZE(arguments[0]);
    if (at < 0 || at > size) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "scan() cannot begin outside the block");
        return NULL;
    }
    scan_start(&reading.scan, block + at);
    if (read_record(&reading, &start) == 0)
        answer = Py_BuildValue("Onn", top_of(&reading.scan), start - block,
                               reading.scan.at - block);
    else if (!PyErr_Occurred())
        answer = Py_NewRef(Py_None);
    scan_clear(&reading.scan);
    for (int i = 0; i < FIELDS; i++)
        Py_XDECREF(reading.fields[i]);
    return answer;
}

/* Set *place to an attribute of a module of assay. */
static int
import_from(const char *module, const char *name, PyObject **place)
{
    PyObject *found = PyImport_ImportModule(module);

    if (found == NULL)
        return -1;
    *place = PyObject_GetAttrString(found, name);
    Py_DECREF(found);
    return *place == NULL ? -1 : 0;
}

static int
give_up(const char *why)
{
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_ImportError, "the PubMed scanner does not fit: %s", why);
    return -1;
}

/* Import a named tuple and see that it has the fields that are filled here. */
static int
import_kind(State *state, int kind)
{
    PyObject *type, *fields, *blank, *joined = NULL;

    if (import_from("assay.record", SHAPES[kind].name, &type) < 0)
        return -1;
    state->kinds[kind] = (PyTypeObject *)type;
    if (!PyType_Check(type) || !PyType_IsSubtype(state->kinds[kind], &PyTuple_Type))
        return give_up(SHAPES[kind].name);
    fields = PyObject_GetAttrString(type, "_fields");
    blank = PyUnicode_FromString(" ");
    if (fields != NULL && blank != NULL)
        joined = PyUnicode_Join(blank, fields);
    Py_XDECREF(fields);
    Py_XDECREF(blank);
    int same = joined != NULL
               && PyUnicode_CompareWithASCIIString(joined, SHAPES[kind].fields) == 0;
    Py_XDECREF(joined);
    return same ? 0 : give_up(SHAPES[kind].name);
}

/* See that a named tuple made here is one as Python makes it, down to its hash. */
static int
try_kind(State *state)
{
    PyTypeObject *type = state->kinds[ACCESSION];
    PyObject *theirs = PyObject_CallFunction((PyObject *)type, "ss", "bank", "number");
    PyObject *ours = new_kind(type, 2);
    int same = 0;

    if (theirs != NULL && ours != NULL) {
        for (int i = 0; i < 2; i++)
            PyTuple_SET_ITEM(ours, i, Py_NewRef(PyTuple_GET_ITEM(theirs, i)));
        same = PyObject_Hash(ours) == PyObject_Hash(theirs)
               && PyObject_RichCompareBool(ours, theirs, Py_EQ) == 1;
    }
    Py_XDECREF(theirs);
    Py_XDECREF(ours);
    return same ? 0 : give_up("a named tuple");
}

/* Take in a field of Record: one that is read here, or one that keeps its default. */
static int
import_field(State *state, PyObject *name, PyObject *default_, PyObject *others,
             PyObject *values)
{
    for (int i = 0; i < FIELDS; i++) {
        if (PyUnicode_CompareWithASCIIString(name, FIELD_NAMES[i]) != 0)
            continue;
        state->names[i] = Py_NewRef(name);
        state->defaults[i] = Py_NewRef(default_);
        return 0;
    }
    return PyList_Append(others, name) < 0 ? -1 : PyList_Append(values, default_);
}

static int
import_fields(State *state, PyObject *fields, PyObject *others, PyObject *values)
{
    PyObject *name, *field;
    Py_ssize_t at = 0;

    while (PyDict_Next(fields, &at, &name, &field)) {
        PyObject *default_ = PyObject_GetAttrString(field, "default");
        int done = default_ == NULL
                       ? -1
                       : import_field(state, name, default_, others, values);
        Py_XDECREF(default_);
        if (done < 0)
            return -1;
    }
    for (int i = 0; i < FIELDS; i++)
        if (state->names[i] == NULL)
            return give_up(FIELD_NAMES[i]);
    return 0;
}

static int
import_record(State *state)
{
    PyObject *type, *fields, *others = PyList_New(0), *values = PyList_New(0);
    int done = -1;

    if (import_from("assay.record", "Record", &type) < 0)
        goto end;
    state->record = (PyTypeObject *)type;
    fields = PyObject_GetAttrString(type, "__dataclass_fields__");
    if (fields != NULL && PyDict_Check(fields) && others != NULL && values != NULL)
        done = import_fields(state, fields, others, values);
    Py_XDECREF(fields);
    if (done == 0) {
        state->others = PyList_AsTuple(others);
        state->values = PyList_AsTuple(values);
        done = state->others != NULL && state->values != NULL ? 0 : -1;
    }
end:
    Py_XDECREF(others);
    Py_XDECREF(values);
    return done;
}

/* The build tells here from which sources it was made, so that a test can see an
   extension in the source tree that is older than they are. */
#ifndef SCANNER_SOURCES
#define SCANNER_SOURCES unknown
#endif
#define AS_TEXT(macro) AS_TEXT_OF(macro)
#define AS_TEXT_OF(text) #text

static int
module_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
    const char *unwanted = getenv("ASSAY_NO_SCANNER");

    if (unwanted != NULL && *unwanted != '\0')
        return give_up("ASSAY_NO_SCANNER is set");
    state->nothing = PyUnicode_FromString("");
    state->source = PyUnicode_FromString("pubmed");
    state->no_arguments = PyTuple_New(0);
    if (state->nothing == NULL || state->source == NULL || state->no_arguments == NULL)
        return -1;
    for (int kind = 0; kind < KINDS; kind++)
        if (import_kind(state, kind) < 0)
            return -1;
    if (PyModule_AddStringConstant(module, "SOURCES", AS_TEXT(SCANNER_SOURCES)) < 0
        || try_kind(state) < 0 || import_record(state) < 0
        || import_from("assay.dates", "parse_date", &state->parse_date) < 0
        || import_from("assay.dates", "parse_date_text", &state->parse_date_text) < 0
        || import_from("assay.dates", "parse_iso_date", &state->parse_iso_date) < 0
        || import_from("assay.ids", "normal_doi", &state->normal_doi) < 0
        || import_from("assay.ids", "normal_pmcid", &state->normal_pmcid) < 0)
        return -1;
    return 0;
}

/* All that a State holds is a PyObject *, one behind the other. */
static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    PyObject **held = PyModule_GetState(module);

    for (size_t i = 0; held != NULL && i < sizeof(State) / sizeof(PyObject *); i++)
        Py_VISIT(held[i]);
    return 0;
}

static int
module_clear(PyObject *module)
{
    PyObject **held = PyModule_GetState(module);

    for (size_t i = 0; held != NULL && i < sizeof(State) / sizeof(PyObject *); i++)
        Py_CLEAR(held[i]);
    return 0;
}

static void
module_free(void *module)
{
    module_clear(module);
}

static PyMethodDef METHODS[] = {
    {"scan", (PyCFunction)(void (*)(void))scan_one, METH_FASTCALL, scan_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot SLOTS[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT,
    .m_name = "assay.sources._pubmed_scan",
    .m_doc = "Reads one PubMed record from its bytes, fast.",
    .m_size = sizeof(State),
    .m_methods = METHODS,
    .m_slots = SLOTS,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC
PyInit__pubmed_scan(void)
{
    return PyModuleDef_Init(&MODULE);
}
