/* The small parts of a PubMed record: pubmed_xml_parts.py in C.

   Values are built on the stack of the Scan: push() puts one there, reserve() makes
   places that settle() fills, pack() makes a tuple of those on top, build() a named
   tuple. Each push_ function is called when an element's start tag was read, reads to
   behind its end tag, and pushes what it found. */

#ifndef ASSAY_PUBMED_SCAN_PARTS_H
#define ASSAY_PUBMED_SCAN_PARTS_H

#include "pubmed_scan_xml.h"

/* --- what a record is made of ----------------------------------------------------- */

enum {
    PARTIAL_DATE, SECTION, OTHER_ABSTRACT, AUTHOR, QUALIFIER, MESH_HEADING, CHEMICAL,
    KEYWORD, CORRECTION, ACCESSION, GRANT, REFERENCE, IDENTIFIER, KINDS
};

static const struct {
    const char *name, *fields;
    Py_ssize_t count;
} SHAPES[KINDS] = {
    [PARTIAL_DATE] = {"PartialDate", "year month day precision origin text", 6},
    [SECTION] = {"Section", "text label category", 3},
    [OTHER_ABSTRACT] = {"OtherAbstract", "type language sections", 3},
    [AUTHOR] = {"Author", "last_name fore_name initials suffix collective affiliations "
                          "identifiers valid", 8},
    [QUALIFIER] = {"Qualifier", "name ui major", 3},
    [MESH_HEADING] = {"MeshHeading", "descriptor ui major qualifiers", 4},
    [CHEMICAL] = {"Chemical", "name ui registry_number", 3},
    [KEYWORD] = {"Keyword", "text owner major", 3},
    [CORRECTION] = {"Correction", "ref_type source pmid note doi when said_by", 7},
    [ACCESSION] = {"Accession", "bank number", 2},
    [GRANT] = {"Grant", "number acronym agency country", 4},
    [REFERENCE] = {"Reference", "citation ids", 2},
    [IDENTIFIER] = {"Identifier", "type value valid", 3},
};

enum {
    SOURCE, PMID, VERSION, DOI, PMCID, TITLE, VERNACULAR_TITLE, ABSTRACT,
    OTHER_ABSTRACTS, COPYRIGHT, YEAR, DATES, AUTHORS, AUTHORS_COMPLETE, INVESTIGATORS,
    JOURNAL, JOURNAL_ABBREVIATION, ISSN, NLM_ID, COUNTRY, VOLUME, ISSUE, PAGES,
    LANGUAGES, PUBLICATION_TYPES, PUBLICATION_TYPE_UIS, MESH, CHEMICALS, SUPPLEMENTARY,
    GENES, KEYWORDS, CORRECTIONS, ACCESSIONS, GRANTS, COI, IDENTIFIERS, REFERENCES,
    SUBJECTS, NOTES, CITATION_SUBSETS, OWNER, STATUS, PUBLICATION_STATUS,
    INDEXING_METHOD, EDITORS, FIELDS
};

static const char *const FIELD_NAMES[FIELDS] = {
    "source", "pmid", "version", "doi", "pmcid", "title", "vernacular_title",
    "abstract", "other_abstracts", "copyright", "year", "dates", "authors",
    "authors_complete", "investigators", "journal", "journal_abbreviation", "issn",
    "nlm_id", "country", "volume", "issue", "pages", "languages", "publication_types",
    "publication_type_uis", "mesh", "chemicals", "supplementary", "genes", "keywords",
    "corrections", "accessions", "grants", "coi", "identifiers", "references",
    "subjects", "notes", "citation_subsets", "owner", "status", "publication_status",
    "indexing_method", "editors",
};

typedef struct {
    PyTypeObject *record, *kinds[KINDS];
    PyObject *names[FIELDS];   /* of the fields that are read here */
    PyObject *others, *values; /* the other fields' names, and their defaults */
    PyObject *defaults[FIELDS];
    PyObject *parse_date, *parse_date_text, *parse_iso_date, *normal_doi, *normal_pmcid;
    PyObject *nothing, *source, *no_arguments;
} State;

typedef struct {
    Scan scan; /* first, so that a Reading is a Scan */
    State *state;
    PyObject *fields[FIELDS]; /* a list while the field grows, NULL while it is unset */
} Reading;

/* --- building values -------------------------------------------------------------- */

static PyObject *
new_kind(PyTypeObject *type, Py_ssize_t count)
{
    PyObject *made = type->tp_alloc(type, count);

#if PY_VERSION_HEX >= 0x030E0000
    /* Tuples keep their hash from 3.14 on; -1 says that it is not known yet. */
    if (made != NULL)
        ((PyTupleObject *)made)->ob_hash = -1;
#endif
    return made;
}

/* Move what lies on the stack from `base` on into a tuple. */
static PyObject *
taken(Scan *scan, PyObject *tuple, Py_ssize_t base)
{
    for (Py_ssize_t i = base; tuple != NULL && i < scan->value_count; i++)
        PyTuple_SET_ITEM(tuple, i - base, scan->values[i]);
    if (tuple != NULL)
        scan->value_count = base;
    return tuple;
}

/* Replace what lies on the stack from `base` on by one plain tuple of it. */
static int
pack(Scan *scan, Py_ssize_t base)
{
    return push(scan, taken(scan, PyTuple_New(scan->value_count - base), base));
}

/* Replace the top of the stack by one named tuple of it. */
static int
build(Reading *reading, int kind)
{
    Scan *scan = &reading->scan;
    Py_ssize_t count = SHAPES[kind].count;

    return push(scan, taken(scan, new_kind(reading->state->kinds[kind], count),
                            scan->value_count - count));
}

static inline PyObject *
pop(Scan *scan)
{
    return scan->values[--scan->value_count];
}

static int
push_text(Reading *reading)
{
    Scan *scan = &reading->scan;

    return gather(scan) < 0 ? -1 : push(scan, new_text(scan));
}

static int
push_attribute(Reading *reading, const char *name, const char *otherwise)
{
    return push(&reading->scan, new_attribute(&reading->scan, name, otherwise));
}

static int
push_bool(Reading *reading, int truth)
{
    return push(&reading->scan, PyBool_FromLong(truth));
}

/* Make places on the stack for values that come in any order, "" until they come. */
static int
reserve(Reading *reading, int places)
{
    while (places--)
        if (push(&reading->scan, Py_NewRef(reading->state->nothing)) < 0)
            return -1;
    return 0;
}

/* Move the top of the stack into a place further down. */
static int
settle(Scan *scan, Py_ssize_t place)
{
    PyObject *old = scan->values[place];

    scan->values[place] = pop(scan);
    Py_DECREF(old);
    return 0;
}

/* Read the element's text into a place of the stack. */
static int
text_into(Reading *reading, Py_ssize_t place)
{
    return push_text(reading) < 0 ? -1 : settle(&reading->scan, place);
}

/* Read a name and its UI into two places of the stack. */
static int
named_into(Reading *reading, Py_ssize_t place)
{
    if (push_attribute(reading, "UI", "") < 0)
        return -1;
    settle(&reading->scan, place + 1);
    return text_into(reading, place);
}

/* Return whether an attribute has a value: 1 or 0; -1 where it is written in a way
   that a glance does not tell, with references or beyond ASCII. */
static int
attribute_is(Scan *scan, const char *name, const char *value)
{
    for (int i = 0; i < scan->attribute_count; i++) {
        Attribute *attribute = &scan->attributes[i];
        if (piece_is(attribute->name, name, strlen(name)))
            return attribute->plain ? piece_is(attribute->value, value, strlen(value))
                                    : -1;
    }
    return 0;
}

static inline PyObject *
top_of(Scan *scan)
{
    return scan->values[scan->value_count - 1];
}

/* --- putting values into fields --------------------------------------------------- */

/* Put the top of the stack into a field. */
static int
set_field(Reading *reading, int field)
{
    PyObject *old = reading->fields[field];

    reading->fields[field] = pop(&reading->scan);
    Py_XDECREF(old);
    return 0;
}

/* Append all that lies on the stack from `base` on to a field. */
static int
extend_field(Reading *reading, int field, Py_ssize_t base)
{
    Scan *scan = &reading->scan;

    if (pack(scan, base) < 0)
        return -1;
    if (reading->fields[field] == NULL)
        return set_field(reading, field);
    if (push(scan, PySequence_InPlaceConcat(reading->fields[field], top_of(scan))) < 0)
        return -1;
    settle(scan, base);
    return set_field(reading, field);
}

/* Append the top of the stack to a field. Fields that grow by one value at a time are
   lists while the record is read. */
static int
append_field(Reading *reading, int field)
{
    if (reading->fields[field] == NULL
        && (reading->fields[field] = PyList_New(0)) == NULL)
        return -1;
    return extend_field(reading, field, reading->scan.value_count - 1);
}

/* --- the small parts, each pushed as one value: pubmed_xml_parts.py --------------- */

/* Read children that are text, each into its place on the stack; the last one wins. */
static int
push_texts(Reading *reading, const char *const *names, int count)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    Py_ssize_t base = scan->value_count;
    int more;

    if (reserve(reading, count) < 0)
        return -1;
    while ((more = next_child(scan, &tag)) > 0) {
        int i = 0;
        while (i < count && !piece_is(scan->tag.name, names[i], strlen(names[i])))
            i++;
        if (i < count ? text_into(reading, base + i) < 0 : gather(scan) < 0)
            return -1;
    }
    return more;
}

/* Push the values of an element's children of one name, as many as there are; others
   are skipped, or refused. */
static int
push_each(Reading *reading, const char *name, int (*make)(Reading *), int skip_others)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    int more;

    while ((more = next_child(scan, &tag)) > 0) {
        if (piece_is(scan->tag.name, name, strlen(name))
                ? make(reading) < 0
                : !skip_others || gather(scan) < 0)
            return -1;
    }
    return more;
}

/* Push (attribute, text). */
static int
push_pair(Reading *reading, const char *attribute, const char *otherwise)
{
    Py_ssize_t base = reading->scan.value_count;

    if (push_attribute(reading, attribute, otherwise) < 0 || push_text(reading) < 0)
        return -1;
    return pack(&reading->scan, base);
}

static int
push_source_pair(Reading *reading)
{
    return push_pair(reading, "Source", "");
}

static int
push_id_pair(Reading *reading)
{
    return push_pair(reading, "IdType", "pubmed");
}

static int
push_section(Reading *reading)
{
    Py_ssize_t base = reading->scan.value_count;

    if (reserve(reading, 1) < 0 || push_attribute(reading, "Label", "") < 0
        || push_attribute(reading, "NlmCategory", "") < 0
        || text_into(reading, base) < 0)
        return -1;
    return build(reading, SECTION);
}

static int
push_supplementary(Reading *reading)
{
    Py_ssize_t base = reading->scan.value_count;

    if (reserve(reading, 1) < 0 || push_attribute(reading, "UI", "") < 0
        || push_attribute(reading, "Type", "") < 0 || text_into(reading, base) < 0)
        return -1;
    return build(reading, CHEMICAL);
}

/* The places of an Author on the stack, from its base on. Behind them lie its
   identifiers, then its affiliations: the order of the DTD, and no other is taken. */
enum { NAME_PARTS = 5, AFFILIATIONS = 5, PAIRS, VALID, AUTHOR_PLACES };

static int
read_person(Reading *reading, Py_ssize_t base, Py_ssize_t *pairs)
{
    static const char *const NAMES[NAME_PARTS] = {
        "LastName", "ForeName", "Initials", "Suffix", "CollectiveName"};
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    int more;

    while ((more = next_child(scan, &tag)) > 0) {
        int i = 0, done;
        while (i < NAME_PARTS
               && !piece_is(scan->tag.name, NAMES[i], strlen(NAMES[i])))
            i++;
        if (i < NAME_PARTS)
            done = text_into(reading, base + i);
        else if (NAMED(scan, "AffiliationInfo"))
            done = push_each(reading, "Affiliation", push_text, 1);
        else if (!NAMED(scan, "Identifier"))
            done = gather(scan);
        else if (scan->value_count == base + AUTHOR_PLACES + (*pairs)++)
            done = push_source_pair(reading);
        else
            done = -1;
        if (done < 0)
            return -1;
    }
    return more;
}

static int
push_person(Reading *reading)
{
    Scan *scan = &reading->scan;
    Py_ssize_t base = scan->value_count, pairs = 0;
    int invalid = attribute_is(scan, "ValidYN", "N");

    if (invalid < 0 || reserve(reading, VALID) < 0 || push_bool(reading, !invalid) < 0
        || read_person(reading, base, &pairs) < 0
        || pack(scan, base + AUTHOR_PLACES + pairs) < 0)
        return -1;
    settle(scan, base + AFFILIATIONS);
    if (pack(scan, base + AUTHOR_PLACES) < 0)
        return -1;
    settle(scan, base + PAIRS);
    return build(reading, AUTHOR);
}

static int
push_qualifier(Reading *reading, int starred)
{
    Py_ssize_t base = reading->scan.value_count;

    if (reserve(reading, 2) < 0 || named_into(reading, base) < 0
        || push_bool(reading, starred) < 0)
        return -1;
    return build(reading, QUALIFIER);
}

static int
push_mesh(Reading *reading)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    Py_ssize_t base = scan->value_count;
    int more, major = 0;

    if (reserve(reading, 3) < 0)
        return -1;
    while ((more = next_child(scan, &tag)) > 0) {
        int starred = attribute_is(scan, "MajorTopicYN", "Y");
        if (starred < 0)
            return -1;
        major |= starred;
        if (NAMED(scan, "DescriptorName") ? named_into(reading, base) < 0
                                          : !NAMED(scan, "QualifierName")
                                                || push_qualifier(reading, starred) < 0)
            return -1;
    }
    if (more < 0 || pack(scan, base + 3) < 0 || push_bool(reading, major) < 0)
        return -1;
    settle(scan, base + 2);
    return build(reading, MESH_HEADING);
}

static int
push_chemical(Reading *reading)
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    Py_ssize_t base = scan->value_count;
    int more;

    if (reserve(reading, 3) < 0)
        return -1;
    while ((more = next_child(scan, &tag)) > 0) {
        int done = NAMED(scan, "NameOfSubstance")  ? named_into(reading, base)
                   : NAMED(scan, "RegistryNumber") ? text_into(reading, base + 2)
                                                   : gather(scan);
        if (done < 0)
            return -1;
    }
    if (more < 0)
        return -1;
    if (PyUnicode_CompareWithASCIIString(top_of(scan), "0") == 0) {
        if (reserve(reading, 1) < 0)
            return -1;
        settle(scan, base + 2);
    }
    return build(reading, CHEMICAL);
}

static int
push_correction(Reading *reading)
{
    static const char *const PARTS[] = {"RefSource", "PMID", "Note"};

    if (push_attribute(reading, "RefType", "") < 0 || push_texts(reading, PARTS, 3) < 0
        || reserve(reading, 3) < 0) /* what other services than PubMed tell */
        return -1;
    return build(reading, CORRECTION);
}

static int
push_grant(Reading *reading)
{
    static const char *const PARTS[] = {"GrantID", "Acronym", "Agency", "Country"};

    return push_texts(reading, PARTS, 4) < 0 ? -1 : build(reading, GRANT);
}

/* Join the texts on the stack from `base` on that are not empty; they become one. */
static int
join(Reading *reading, Py_ssize_t base, const char *between)
{
    Scan *scan = &reading->scan;
    PyObject *glue, *list = PyList_New(0);

    if (push(scan, list) < 0)
        return -1;
    for (Py_ssize_t i = base; scan->values[i] != list; i++)
        if (PyUnicode_GET_LENGTH(scan->values[i])
            && PyList_Append(list, scan->values[i]) < 0)
            return -1;
    if ((glue = PyUnicode_FromString(between)) == NULL)
        return -1;
    PyObject *joined = PyUnicode_Join(glue, list);
    Py_DECREF(glue);
    if (push(scan, joined) < 0)
        return -1;
    settle(scan, base);
    while (scan->value_count > base + 1)
        Py_DECREF(pop(scan));
    return 0;
}

static int
push_subject(Reading *reading)
{
    static const char *const PARTS[] = {"Initials", "ForeName", "LastName", "Suffix"};
    Scan *scan = &reading->scan;
    Py_ssize_t base = scan->value_count;

    if (push_texts(reading, PARTS, 4) < 0)
        return -1;
    if (PyUnicode_GET_LENGTH(scan->values[base + 1])) { /* initials stand in for it */
        if (reserve(reading, 1) < 0)
            return -1;
        settle(scan, base);
    }
    return join(reading, base, " ");
}

static int
push_location(Reading *reading)
{
    int invalid = attribute_is(&reading->scan, "ValidYN", "N");

    if (invalid < 0 || push_attribute(reading, "EIdType", "") < 0
        || push_text(reading) < 0 || push_bool(reading, !invalid) < 0)
        return -1;
    return build(reading, IDENTIFIER);
}

static int
push_article_id(Reading *reading)
{
    if (push_attribute(reading, "IdType", "pubmed") < 0 || push_text(reading) < 0
        || push_bool(reading, 1) < 0)
        return -1;
    return build(reading, IDENTIFIER);
}

/* Push the text of one child, and behind it one value for each child of another. */
static int
push_head_and_rest(Reading *reading, const char *head, const char *list,
                   const char *child, int (*make)(Reading *))
{
    Scan *scan = &reading->scan;
    Tag tag = scan->tag;
    Py_ssize_t base = scan->value_count;
    int more;

    if (reserve(reading, 1) < 0)
        return -1;
    while ((more = next_child(scan, &tag)) > 0) {
        Piece name = scan->tag.name;
        int done = piece_is(name, head, strlen(head)) ? text_into(reading, base)
                   : piece_is(name, list, strlen(list))
                       ? push_each(reading, child, make, 0)
                       : gather(scan);
        if (done < 0)
            return -1;
    }
    return more;
}

static int
push_reference(Reading *reading)
{
    Py_ssize_t base = reading->scan.value_count;

    if (push_head_and_rest(reading, "Citation", "ArticleIdList", "ArticleId",
                           push_id_pair) < 0
        || pack(&reading->scan, base + 1) < 0)
        return -1;
    return build(reading, REFERENCE);
}

#endif
