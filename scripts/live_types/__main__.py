"""Write the files."""

from . import written

for file, content in written().items():
    file.write_text(content, encoding="utf-8")
