"""Writes small PDF files by hand, so that tests need no program to make them."""


def write_pdf(pages, *, title="", extra=b""):
    """Return a PDF; each page is a list of (x, y, size, text) in points, Latin-1."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",  # the pages, written below
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
        b" /Encoding /WinAnsiEncoding >>",
        b"<< /Title (" + title.encode("latin-1") + b") >>",
    ]
    kids = []
    for lines in pages:
        drawn = b"\n".join(
            b"BT /F1 %g Tf %g %g Td (%s) Tj ET" % (size, x, y, escaped(text))
            for x, y, size, text in lines
        )
        drawn += b"\n" + extra
        content = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
        objects.append(content)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(kids),
    )
    return assembled(objects)


def escaped(text):
    raw = text.encode("cp1252")
    for sign in (b"\\", b"(", b")"):
        raw = raw.replace(sign, b"\\" + sign)
    return raw


def assembled(objects, trailer=b""):
    """Return the objects as a file with a right cross-reference table."""
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R %s >>\n" % (
        len(objects) + 1,
        trailer,
    )
    return out + b"startxref\n%d\n%%%%EOF\n" % start
