/* XML as far as PubMed uses it: tags, attributes, text with its white space folded.

   It is stricter than XML and never laxer: names in ASCII, no comments, no CDATA, no
   entities but the five of XML and numbers, no carriage returns, one namespace prefix
   (mml). Whatever else comes is refused, so that a real XML parser decides on it.

   All reading goes forward byte by byte, and no loop passes over a NUL. Python puts
   one behind every bytes object, so none needs to ask where the end is.

   How failure travels: every function that can fail returns -1 or NULL. With a Python
   error set it is an error; without one the record is refused, which is no fault: the
   parser in Python reads it then. Nothing has to be given back on the way out, since
   every object that was made is owned by the Scan, and scan_clear() lets go of all. */

#ifndef ASSAY_PUBMED_SCAN_XML_H
#define ASSAY_PUBMED_SCAN_XML_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

enum { MOST_ATTRIBUTES = 8, DEEPEST = 32 };
enum { FEW_VALUES = 256, SHORT_TEXT = 4096, LONGEST_NAME = 64 };

typedef const unsigned char *Bytes;

typedef struct {
    Bytes at;
    Py_ssize_t size;
} Piece;

typedef struct {
    Piece name, value;
    int plain; /* the value is ASCII without references */
} Attribute;

typedef struct {
    Piece name;
    int empty; /* it was <name/> */
} Tag;

typedef struct {
    Bytes at; /* what is read next; the NUL behind a bytes object ends every loop */
    Tag tag;  /* the start tag that was read last, and its attributes */
    Attribute attributes[MOST_ATTRIBUTES];
    int attribute_count;

    Piece text;     /* what gather() found: in the source itself, or in the buffer */
    int text_exact; /* it is what stood there, letter by letter */
    unsigned char *buffer, short_buffer[SHORT_TEXT];
    Py_ssize_t buffer_size;

    PyObject **values, *few_values[FEW_VALUES]; /* a stack that owns what is on it */
    Py_ssize_t value_count, value_room;
} Scan;

static inline int
piece_is(Piece piece, const char *word, size_t size)
{
    return (size_t)piece.size == size && memcmp(piece.at, word, size) == 0;
}
#define NAMED(scan, word) piece_is((scan)->tag.name, word, sizeof(word) - 1)

/* --- classes of bytes ------------------------------------------------------------- */

enum { BAD, PLAIN, BLANK, BREAK, LESS, AMPERSAND, GREATER, HIGH };

#define P PLAIN
#define H HIGH
#define P8 P, P, P, P, P, P, P, P
#define H16 H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H
/* 0x7F is a legal character of XML, and no white space. */
static const unsigned char KIND[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, BREAK, BREAK, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    BLANK, P, P, P, P, P, AMPERSAND, P, P8,
    P8, P, P, P, P, LESS, P, GREATER, P,
    P8, P8, P8, P8, P8, P8, P8, P8,
    H16, H16, H16, H16, H16, H16, H16, H16,
};
#undef P
#undef H
#undef P8
#undef H16

static inline int
is_blank(unsigned char c)
{
    return KIND[c] == BLANK || KIND[c] == BREAK;
}

static inline int
is_name_start(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static inline int
is_name_part(unsigned char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/* --- memory ----------------------------------------------------------------------- */

static void
scan_start(Scan *scan, Bytes at)
{
    scan->at = at;
    scan->attribute_count = 0;
    scan->buffer = scan->short_buffer;
    scan->buffer_size = SHORT_TEXT;
    scan->values = scan->few_values;
    scan->value_count = 0;
    scan->value_room = FEW_VALUES;
}

static void
scan_clear(Scan *scan)
{
    while (scan->value_count)
        Py_DECREF(scan->values[--scan->value_count]);
    if (scan->values != scan->few_values)
        PyMem_Free(scan->values);
    if (scan->buffer != scan->short_buffer)
        PyMem_Free(scan->buffer);
}

/* Return room twice as large with what was there, or NULL with MemoryError set. */
static void *
grown(void *old, const void *first, Py_ssize_t bytes)
{
    void *new = PyMem_Realloc(old == first ? NULL : old, 2 * (size_t)bytes);

    if (new == NULL)
        PyErr_NoMemory();
    else if (old == first)
        memcpy(new, first, (size_t)bytes);
    return new;
}

/* Put an object on the stack, which owns it from now on; NULL is refused. */
static int
push(Scan *scan, PyObject *owned)
{
    if (owned == NULL)
        return -1;
    if (scan->value_count == scan->value_room) {
        void *more = grown(scan->values, scan->few_values,
                           scan->value_room * (Py_ssize_t)sizeof(PyObject *));
        if (more == NULL) {
            Py_DECREF(owned);
            return -1;
        }
        scan->values = more;
        scan->value_room *= 2;
    }
    scan->values[scan->value_count++] = owned;
    return 0;
}

/* Keep bytes behind those in the buffer. */
static inline int
keep(Scan *scan, Py_ssize_t *size, Bytes at, Py_ssize_t count)
{
    while (scan->buffer_size - *size < count) {
        void *more = grown(scan->buffer, scan->short_buffer, scan->buffer_size);
        if (more == NULL)
            return -1;
        scan->buffer = more;
        scan->buffer_size *= 2;
    }
    memcpy(scan->buffer + *size, at, (size_t)count);
    *size += count;
    return 0;
}

/* --- characters ------------------------------------------------------------------- */

/* What XML 1.0 allows; a carriage return comes as a reference only. */
static int
is_character(unsigned long c)
{
    return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF)
           || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* What str.split() takes for white space, as far as XML allows it. */
static int
is_space(unsigned long c)
{
    if (c < 0x80)
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A)
           || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Read one character of two to four bytes; return it, or 0 where it is none. */
static unsigned long
read_high(Bytes *at)
{
    static const unsigned long LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = **at;
    int size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    unsigned long c = first & (0xFF >> (size + 1));

    if (first < 0xC2 || first > 0xF4)
        return 0;
    for (int i = 1; i < size; i++) {
        if (((*at)[i] & 0xC0) != 0x80) /* so a NUL ends it too */
            return 0;
        c = c << 6 | ((*at)[i] & 0x3F);
    }
    *at += size;
    return c >= LEAST[size] && is_character(c) ? c : 0;
}

/* Read what stands between "&#" and ";"; return the character, or 0. */
static unsigned long
read_number(Bytes *at)
{
    int hexadecimal = **at == 'x', digits = 0;
    unsigned long c = 0;

    *at += hexadecimal;
    for (;; (*at)++, digits++) {
        unsigned char d = **at;
        if (d >= '0' && d <= '9')
            c = c * (hexadecimal ? 16 : 10) + (d - '0');
        else if (hexadecimal && (d | 0x20) >= 'a' && (d | 0x20) <= 'f')
            c = c * 16 + ((d | 0x20) - 'a' + 10);
        else
            break;
        if (digits == 7) /* so it cannot overflow */
            return 0;
    }
    return digits && *(*at)++ == ';' && is_character(c) ? c : 0;
}

/* Read a reference from its "&" on; return the character, or 0. */
static unsigned long
read_reference(Bytes *at)
{
    static const struct {
        const char *name;
        char c;
    } FIVE[] = {
        {"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};

    (*at)++;
    if (**at == '#') {
        (*at)++;
        return read_number(at);
    }
    for (size_t i = 0; i < sizeof FIVE / sizeof *FIVE; i++) {
        size_t size = strlen(FIVE[i].name);
        /* strncmp stops at the NUL behind the source, memcmp need not */
        if (strncmp((const char *)*at, FIVE[i].name, size) == 0) {
            *at += size;
            return (unsigned char)FIVE[i].c;
        }
    }
    return 0;
}

/* Keep a character as UTF-8. */
static int
keep_character(Scan *scan, Py_ssize_t *size, unsigned long c)
{
    static const unsigned char FIRST[] = {0, 0xC0, 0xE0, 0xF0};
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    unsigned char bytes[4];

    bytes[0] = (unsigned char)(FIRST[more] | c >> (6 * more));
    for (int i = 1; i <= more; i++)
        bytes[i] = (unsigned char)(0x80 | (c >> (6 * (more - i)) & 0x3F));
    return keep(scan, size, bytes, more + 1);
}

/* --- tags ------------------------------------------------------------------------- */

/* Read a name; a prefix must be mml, which the parser in Python declares as well. */
static int
read_name(Scan *scan, Piece *name)
{
    Bytes at = scan->at;

    if (at[0] == 'm' && at[1] == 'm' && at[2] == 'l' && at[3] == ':')
        at += 4;
    if (!is_name_start(*at))
        return -1;
    while (is_name_part(*at))
        at++;
    name->at = scan->at;
    name->size = at - scan->at;
    scan->at = at;
    return *at == ':' || name->size > LONGEST_NAME ? -1 : 0;
}

/* Read an attribute's value, from its quotation mark to behind the other one. */
static int
read_value(Scan *scan, Attribute *attribute)
{
    unsigned char quote = *scan->at;
    Bytes at = scan->at + 1;

    if (quote != '"' && quote != '\'')
        return -1;
    attribute->value.at = at;
    attribute->plain = 1;
    while (*at != quote) {
        switch (KIND[*at]) {
        case PLAIN: case BLANK: case GREATER:
            at++;
            break;
        case AMPERSAND:
            attribute->plain = 0;
            if (!read_reference(&at))
                return -1;
            break;
        case HIGH:
            attribute->plain = 0;
            if (!read_high(&at))
                return -1;
            break;
        default: /* "<" is an error of XML; a tab or a line break would be a blank */
            return -1;
        }
    }
    attribute->value.size = at - attribute->value.at;
    scan->at = at + 1;
    return 0;
}

static int
read_attribute(Scan *scan)
{
    static const char MML[] = "xmlns:mml";
    static const char MATH[] = "http://www.w3.org/1998/Math/MathML";
    Attribute *attribute = &scan->attributes[scan->attribute_count];
    int declares = strncmp((const char *)scan->at, MML, sizeof MML - 1) == 0;

    if (scan->attribute_count == MOST_ATTRIBUTES)
        return -1;
    if (declares) {
        attribute->name.at = scan->at;
        attribute->name.size = sizeof MML - 1;
        scan->at += sizeof MML - 1;
    }
    else if (read_name(scan, &attribute->name) < 0
             || memchr(attribute->name.at, ':', (size_t)attribute->name.size)
             || piece_is(attribute->name, "xmlns", 5)) /* it renames every element */
        return -1;
    if (*scan->at++ != '=' || read_value(scan, attribute) < 0)
        return -1;
    if (declares && !piece_is(attribute->value, MATH, sizeof MATH - 1))
        return -1;
    for (int i = 0; i < scan->attribute_count; i++) {
        Piece other = scan->attributes[i].name;
        if (piece_is(attribute->name, (const char *)other.at, (size_t)other.size))
            return -1;
    }
    scan->attribute_count++;
    return 0;
}

/* Read a start tag, from its "<" to behind its ">". */
static int
read_start_tag(Scan *scan)
{
    if (*scan->at++ != '<' || read_name(scan, &scan->tag.name) < 0)
        return -1;
    scan->attribute_count = 0;
    for (;;) {
        int blanks = 0;
        for (; is_blank(*scan->at); scan->at++)
            blanks = 1;
        scan->tag.empty = *scan->at == '/';
        if (*scan->at == '/')
            scan->at++;
        if (*scan->at == '>') {
            scan->at++;
            return 0;
        }
        if (scan->tag.empty || !blanks || read_attribute(scan) < 0)
            return -1;
    }
}

/* Read the end tag of an element, from its "</" to behind its ">". */
static int
read_end_tag(Scan *scan, Piece name)
{
    scan->at += 2;
    /* The name is in the source too, and holds no NUL: strncmp stops in time. */
    if (strncmp((const char *)scan->at, (const char *)name.at, (size_t)name.size) != 0)
        return -1;
    scan->at += name.size;
    while (is_blank(*scan->at))
        scan->at++;
    return *scan->at++ == '>' ? 0 : -1;
}

/* Go past a processing instruction; NLM leaves some in ("<?pmcsd ?>"). */
static int
skip_instruction(Scan *scan)
{
    Piece name;

    scan->at += 2;
    if (read_name(scan, &name) < 0 || memchr(name.at, ':', (size_t)name.size)
        || ((name.at[0] | 0x20) == 'x' && (name.at[1] | 0x20) == 'm'))
        return -1; /* names that begin with "xml" are not free */
    if (*scan->at != ' ' && (scan->at[0] != '?' || scan->at[1] != '>'))
        return -1;
    for (;; scan->at++) {
        if (scan->at[0] == '?' && scan->at[1] == '>')
            break;
        if (KIND[*scan->at] != PLAIN && KIND[*scan->at] != BLANK)
            return -1;
    }
    scan->at += 2;
    return 0;
}

/* Go past white space and processing instructions. */
static int
skip_blanks(Scan *scan)
{
    for (;;) {
        while (is_blank(*scan->at))
            scan->at++;
        if (scan->at[0] != '<' || scan->at[1] != '?')
            return 0;
        if (skip_instruction(scan) < 0)
            return -1;
    }
}

/* Go to the next child of an element; 1: its start tag was read, 0: there is none more
   and the parent's end tag was read. Text between children is refused. */
static int
next_child(Scan *scan, const Tag *parent)
{
    if (parent->empty)
        return 0;
    if (skip_blanks(scan) < 0 || *scan->at != '<')
        return -1;
    if (scan->at[1] == '/')
        return read_end_tag(scan, parent->name);
    return read_start_tag(scan) < 0 ? -1 : 1;
}

/* --- text ------------------------------------------------------------------------- */

/* Read text that needs nothing done to it: ASCII, single blanks, no mark-up inside.
   Return 0 and leave everything as it was where there is more to do. */
static int
gather_plain(Scan *scan)
{
    Bytes at = scan->at, start = at;
    Piece name = scan->tag.name;

    if (*at == ' ')
        return 0;
    for (;; at++) {
        while (KIND[*at] == PLAIN)
            at++;
        if (*at != ' ' || at[1] == ' ' || at[1] == '<')
            break;
    }
    if (at[0] != '<' || at[1] != '/')
        return 0;
    scan->text.at = start;
    scan->text.size = at - start;
    scan->text_exact = 1;
    scan->at = at;
    return read_end_tag(scan, name) < 0 ? -1 : 1;
}

/* Read an opening or closing tag inside text; return how deep we are then, or -1. */
static int
cross_tag(Scan *scan, Piece *open, int depth)
{
    if (scan->at[1] == '/')
        return read_end_tag(scan, open[depth - 1]) < 0 ? -1 : depth - 1;
    if (read_start_tag(scan) < 0)
        return -1;
    if (scan->tag.empty)
        return depth;
    if (depth == DEEPEST)
        return -1;
    open[depth] = scan->tag.name;
    return depth + 1;
}

/* Read the next character of text, or a reference to one; 0 where it is refused. */
static unsigned long
read_character(Scan *scan)
{
    Bytes at = scan->at;

    switch (KIND[*at]) {
    case AMPERSAND:
        return read_reference(&scan->at);
    case HIGH:
        return read_high(&scan->at);
    case GREATER:
        if (at[-1] == ']' && at[-2] == ']') /* an error of XML; a tag stands before */
            return 0;
        break;
    case BAD:
        return 0;
    }
    scan->at++;
    return *at;
}

/* Read text of any kind into the buffer, mark-up dropped, white space folded. */
static int
gather_folded(Scan *scan)
{
    Piece open[DEEPEST];
    int depth = 1, blank = 0;
    Py_ssize_t size = 0;

    open[0] = scan->tag.name;
    while (depth) {
        Bytes start = scan->at;
        unsigned long c = 0;
        if (*start == '<') {
            if ((depth = cross_tag(scan, open, depth)) < 0)
                return -1;
            continue;
        }
        while (KIND[*scan->at] == PLAIN)
            scan->at++;
        if (scan->at == start && (c = read_character(scan)) == 0)
            return -1;
        if (c && is_space(c)) {
            blank = size > 0;
            continue;
        }
        if (blank && keep(scan, &size, (Bytes) " ", 1) < 0)
            return -1;
        blank = 0;
        if (c ? keep_character(scan, &size, c) < 0
              : keep(scan, &size, start, scan->at - start) < 0)
            return -1;
    }
    scan->text.at = scan->buffer;
    scan->text.size = size;
    scan->text_exact = 0;
    return 0;
}

/* Read all text inside the element whose start tag was read, to behind its end tag,
   as element_text() in pubmed_xml_parts.py does. */
static int
gather(Scan *scan)
{
    if (scan->tag.empty) {
        scan->text.size = 0;
        scan->text_exact = 1;
        return 0;
    }
    int found = gather_plain(scan);
    if (found)
        return found < 0 ? -1 : 0;
    return gather_folded(scan);
}

/* --- strings ---------------------------------------------------------------------- */

static inline PyObject *
new_string(Bytes at, Py_ssize_t size)
{
    return PyUnicode_DecodeUTF8((const char *)at, size, NULL);
}

/* Return what gather() found as a new reference. */
static PyObject *
new_text(Scan *scan)
{
    return new_string(scan->text.at, scan->text.size);
}

/* Return an attribute's value with its references resolved. Uses the buffer. */
static PyObject *
resolved(Scan *scan, Piece value)
{
    Py_ssize_t size = 0;
    Bytes end = value.at + value.size;

    while (value.at < end) {
        unsigned long c = *value.at;
        if (KIND[c] == AMPERSAND)
            c = read_reference(&value.at);
        else if (KIND[c] == HIGH)
            c = read_high(&value.at);
        else
            value.at++;
        if (keep_character(scan, &size, c) < 0)
            return NULL;
    }
    return new_string(scan->buffer, size);
}

/* Return an attribute of the tag read last, or `otherwise`, as a new reference. */
static PyObject *
new_attribute(Scan *scan, const char *name, const char *otherwise)
{
    size_t size = strlen(name);

    for (int i = 0; i < scan->attribute_count; i++) {
        Attribute *attribute = &scan->attributes[i];
        if (!piece_is(attribute->name, name, size))
            continue;
        return attribute->plain ? new_string(attribute->value.at, attribute->value.size)
                                : resolved(scan, attribute->value);
    }
    return PyUnicode_FromString(otherwise);
}

#endif
