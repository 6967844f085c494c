"""Bytes in, bytes out: workbooks, images, PDF pages, QR codes, rule files."""
