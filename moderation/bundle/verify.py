#!/usr/bin/env python3
"""Check an unpacked evidence bundle with the Python standard library alone.

    python3 verify.py            by the public key in the bundle
    python3 verify.py KEY        by a key that came another way: name+number+base64

Prints what is wrong, one fault a line. Ends with 0 when all holds, 1 when
something does not, 2 when it could not look. This program shares no code with
the one that made the bundle: SHA-256 is Python's, Ed25519 (RFC 8032), the note
format (C2SP signed-note), the checkpoint (C2SP tlog-checkpoint) and the Merkle
proofs (RFC 6962) are written out below.
"""
import base64
import binascii
import hashlib
import json
import os
import re
import sys

# ---- Ed25519, RFC 8032, section 5.1 -------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e = (y1 - x1) * (y2 - x2) % P
    f = (y1 + x1) * (y2 + x2) % P
    c = 2 * t1 * t2 * D % P
    d = 2 * z1 * z2 % P
    e, g, h, i = f - e, d - c, d + c, f + e
    return e * g % P, h * i % P, g * h % P, e * i % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, point)
        point = add(point, point)
        n >>= 1
    return out


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def decode_point(b):
    y = int.from_bytes(b, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def encode_point(p):
    x, y, z, _ = p
    inv = pow(z, P - 2, P)
    x, y = x * inv % P, y * inv % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519_holds(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    point = decode_point(public)
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    x, y, z, t = point
    left = add(times(s, BASE), times(k, (P - x, y, z, P - t)))
    return encode_point(left) == signature[:32]


# ---- Signed notes and keys ----------------------------------------------


class Fault(Exception):
    """Something does not hold."""


def exact_base64(text, what):
    try:
        b = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Fault(what + ": no base64")
    if base64.b64encode(b).decode() != text:
        raise Fault(what + ": base64 with spare bits set")
    return b


def parse_key(text):
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Fault("key: not of the form name+number+base64")
    name, number, key = parts[0], parts[1], exact_base64(parts[2], "key")
    if len(key) != 33 or key[0] != 1:
        raise Fault("key: no Ed25519 key")
    if hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] != number:
        raise Fault("key: its number is not that of the key")
    return name, bytes.fromhex(number), key[1:]


def open_note(raw, key, what):
    """The text of a note that the key, and nobody else, signed."""
    name, number, public = key
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Fault(what + ": no UTF-8")
    body, found, last = text.rpartition("\n\n")
    if not found or not last.startswith("— " + name + " ") or not last.endswith("\n") or last.count("\n") != 1:
        raise Fault(what + ": not a note that this key alone signed")
    body += "\n"
    blob = exact_base64(last[len("— " + name + " "):-1], what)
    if blob[:4] != number:
        raise Fault(what + ": signed by another key")
    if not ed25519_holds(public, body.encode(), blob[4:]):
        raise Fault(what + ": the signature does not hold")
    return body


# ---- RFC 6962 -------------------------------------------------------------


def leaf_hash(record):
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(h, index, size, proof):
    """The root that the proof leads to, RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        raise Fault("index beyond the ledger")
    fn, sn = index, size - 1
    for p in proof:
        if sn == 0:
            raise Fault("the proof is too long")
        if fn & 1 or fn == sn:
            h = node_hash(p, h)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            h = node_hash(h, p)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Fault("the proof is too short")
    return h


def quote(s):
    return json.dumps(s, ensure_ascii=False)


# ---- The bundle -----------------------------------------------------------

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)?\.[a-z0-9]{2,5}|README\.txt")


def read_all(folder):
    files = {}
    for where, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f != "__pycache__"]
        for n in names + [f for f in folders if os.path.islink(os.path.join(where, f))]:
            path = os.path.join(where, n)
            name = os.path.relpath(path, folder).replace(os.sep, "/")
            if os.path.islink(path):
                raise Fault(ascii(name) + ": is a link")
            with open(path, "rb") as f:
                files[name] = f.read()
    return files


def check_manifest(files, key, faults):
    raw = files.get("manifest.txt", b"")
    try:
        text = open_note(files.get("manifest.sig", b""), key, "manifest.sig")
        if text != "liveroom bundle 1\nmanifest " + hashlib.sha256(raw).hexdigest() + "\n":
            faults.append("manifest.txt: not the one that was signed")
    except Fault as f:
        faults.append(str(f))
    lines = ""
    for name in sorted(files, key=lambda n: n.encode("utf-8", "surrogateescape")):
        if not NAME.fullmatch(name):
            faults.append(ascii(name) + ": bundles hold no such names")
        elif name not in ("manifest.txt", "manifest.sig"):
            lines += "%s %d %s\n" % (hashlib.sha256(files[name]).hexdigest(), len(files[name]), name)
    is_there, listed = set(lines.splitlines()), set(raw.decode("utf-8", "replace").splitlines())
    for line in sorted(is_there - listed):
        faults.append(line.split(" ")[-1] + ": was changed or put in")
    for line in sorted(listed - is_there):
        faults.append(ascii(line.split(" ")[-1]) + ": is not as the manifest lists it, or is gone")
    if lines.encode() != raw and is_there == listed:
        faults.append("manifest.txt: not written as it was")


def check_checkpoint(files, key):
    text = open_note(files.get("checkpoint.txt", b""), key, "checkpoint.txt")
    lines = text.split("\n")
    if len(lines) < 5 or lines[0] != key[0] or not re.fullmatch("0|[1-9][0-9]*", lines[1]):
        raise Fault("checkpoint.txt: not a checkpoint of this log")
    return int(lines[1]), exact_base64(lines[2], "checkpoint.txt"), lines[3]


def check_leaf(leaf, size, root, files, used):
    hidden = leaf.get("hash")
    if hidden is not None:
        if "data" in leaf or "raw" in leaf or "row" in leaf:
            raise Fault("is hidden and given at once")
        h = exact_base64(hidden, "hash")
    else:
        record = '{"data":%s,"kind":%s,"ref":%s}' % (leaf["data"], quote(leaf["kind"]), quote(leaf["ref"]))
        h = leaf_hash(record.encode())
    proof = [base64.b64decode(p, validate=True) for p in leaf["proof"]]
    if any(len(p) != 32 for p in proof):
        raise Fault("malformed proof")
    if root_of(h, leaf["index"], size, proof) != root:
        raise Fault("does not stand in the ledger at this place")
    if hidden is not None:
        return
    data = json.loads(leaf["data"])
    salt = exact_base64(leaf.get("salt", ""), "salt")
    for part in ("raw", "row"):
        name = leaf.get(part)
        if name is None:
            continue
        if name not in files:
            raise Fault(ascii(name) + " is gone")
        if hashlib.sha256(salt + files[name]).hexdigest() != data.get(part):
            raise Fault(name + " is not what the leaf commits to")
        used.add(name)


def check_evidence(files, size, root, faults):
    evidence, used = json.loads(files.get("evidence.json", b"{}")), set()
    for leaf in evidence["leaves"]:
        try:
            check_leaf(leaf, size, root, files, used)
        except (Fault, KeyError, TypeError, ValueError, AttributeError) as f:
            faults.append("leaf %s: %s" % (ascii(leaf.get("index")), ascii(str(f))))
    for name in sorted(files):
        if name.startswith(("frames/", "rows/")) and name not in used:
            faults.append(name + ": no leaf speaks of it")
    return len(evidence["leaves"]), len(used)


def main(args):
    folder, faults = os.path.dirname(os.path.abspath(__file__)), []
    size, at, leaves, parts = 0, "", 0, 0
    try:
        files = read_all(folder)
        own = files.get("key.pub", b"").decode("utf-8", "replace").strip()
        key = parse_key(args[0] if args else own)
        if args and args[0].strip() != own:
            faults.append("key.pub: is not the key given")
        check_manifest(files, key, faults)
        size, root, at = check_checkpoint(files, key)
        leaves, parts = check_evidence(files, size, root, faults)
    except Fault as f:
        faults.append(str(f))
    except (KeyError, TypeError, ValueError, AttributeError) as f:
        faults.append("cannot be read: " + ascii(str(f)))
    for f in faults:
        print("FAULT", f)
    if faults:
        print("%d faults: this bundle is not as it was signed" % len(faults))
        return 1
    print("holds: %d leaves and %d frames and rows stand in a ledger of %d leaves, signed %s (seconds since 1970, signer's clock)" % (leaves, parts, size, at))
    if "checkpoint.tsr" in files:
        print("checkpoint.tsr was not checked here: use openssl ts -verify, see README.txt")
    print("key: " + own)
    if not args:
        print("by the key in the bundle only: compare it with one that came another way")
    return 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as e:
        print("could not look: %s" % e)
        sys.exit(2)
