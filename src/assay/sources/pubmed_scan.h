/* What the two halves of the PubMed scanner share: see pubmed_scan_xml.c (bytes to
   tags and text) and pubmed_scan.c (tags and text to a Record).

   How failure travels: every function that can fail returns -1. With a Python error
   set it is an error; without one the record is refused, which is no fault: the parser
   written in Python reads it then. Nothing has to be given back on the way out, since
   every object that was made is owned by the Scan, and scan_clear() lets go of all. */

#ifndef ASSAY_PUBMED_SCAN_H
#define ASSAY_PUBMED_SCAN_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

enum { MOST_ATTRIBUTES = 8, DEEPEST = 32, CACHED = 4096, LONGEST_CACHED = 32 };
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
    int text_ascii; /* it is ASCII */
    int text_exact; /* it is what stood there, letter by letter */
    unsigned char *buffer, short_buffer[SHORT_TEXT];
    Py_ssize_t buffer_size;

    PyObject **values, *few_values[FEW_VALUES]; /* a stack that owns what is on it */
    Py_ssize_t value_count, value_room;
    PyObject **cache; /* short strings that come again and again, by their hash */
} Scan;

/* pubmed_scan_xml.c */
void scan_start(Scan *scan, Bytes at, PyObject **cache);
void scan_clear(Scan *scan);
int skip_blanks(Scan *scan);
int read_start_tag(Scan *scan);
int next_child(Scan *scan, const Tag *parent);
int gather(Scan *scan);
PyObject *new_text(Scan *scan);
PyObject *new_attribute(Scan *scan, const char *name, const char *otherwise);
PyObject *cached_ascii(Scan *scan, Piece piece);
int push(Scan *scan, PyObject *owned);

static inline int
piece_is(Piece piece, const char *word, size_t size)
{
    return (size_t)piece.size == size && memcmp(piece.at, word, size) == 0;
}
#define NAMED(scan, word) piece_is((scan)->tag.name, word, sizeof(word) - 1)

#endif
