"""A stand-in for the extractor: fast, and misbehaves on the words it is asked to."""

from __future__ import annotations

import ctypes
import os
import signal
import time

from critextract.errors import InputError
from critextract.io.items import Document
from critextract.schema import Criterion, Provenance, Record

MADE_BY = Provenance("critextract 0", "fake 1", "0123456789abcdef")


class FakeExtractor:
    """One criterion a document. ``!sleep`` hangs, ``!hang`` hangs in C code that takes no
    signal, ``!die`` kills the process, ``!bug`` and ``!input`` raise."""

    def __init__(self, made_by=MADE_BY, pause=0.0):
        self.made_by = made_by
        self.pause = pause

    def extract_many(self, documents):
        for document in documents:
            time.sleep(self.pause)
            misbehave(document.text)
            text = document.text
            criterion = Criterion("I1", "inclusion", None, 0, len(text), text)
            yield Record(document.id, text, criteria=(criterion,), made_by=self.made_by)


def misbehave(text):
    if text == "!sleep":
        time.sleep(60)
    if text == "!swallow":
        while True:
            try:
                time.sleep(60)
            except Exception:  # noqa: BLE001  code that swallows everything
                continue
    if text == "!hang":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        ctypes.PyDLL(None).sleep(60)
    if text == "!die":
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "!bug":
        raise ZeroDivisionError("one\ntwo")
    if text == "!input":
        raise InputError("what was found")


def documents(*texts):
    return [Document(f"d{n}", text, None, None, (), f"d{n}.txt") for n, text in enumerate(texts)]
