// Receives leads, with what Node brings along (18 or later).
//
//     WEBHOOK_KEYS="whsec_..." INBOX=inbox PORT=8080 node receiver.mjs
//
// Each message is kept once, as a file in INBOX, before it is answered; another program of yours works through them. Put
// HTTPS in front of it. While a key is being changed, WEBHOOK_KEYS holds both, with a space between them.

import { createHash, createHmac, createPublicKey, randomUUID, timingSafeEqual, verify } from "node:crypto";
import { link, mkdir, open, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const KEYS = process.env.WEBHOOK_KEYS.split(" ").filter(Boolean);
const INBOX = process.env.INBOX ?? "inbox";
const TOLERANCE_SECONDS = 300;
const LARGEST_BYTES = 256 * 1024;

/** Whether one of our keys proves that the message is from the sender, and of this moment. */
function isGenuine(headers, body) {
  const id = headers["webhook-id"] ?? "";
  const sentAt = headers["webhook-timestamp"] ?? "";
  if (!id || !/^\d+$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > TOLERANCE_SECONDS) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${sentAt}.`), body]); // the body byte for byte, before JSON.parse
  const signatures = (headers["webhook-signature"] ?? "").split(" ");
  return KEYS.some((key) => signatures.some((signature) => proves(key, signature, signed)));
}

/** Whether this signature is of this key: `v1` of a secret, `v1a` of a public key. */
function proves(key, signature, signed) {
  const [kind, encoded] = key.split("_");
  const [version, proof = ""] = signature.split(",");
  const given = Buffer.from(proof, "base64");
  if (kind === "whsec" && version === "v1") {
    const digest = createHmac("sha256", Buffer.from(encoded, "base64")).update(signed).digest();
    return given.length === digest.length && timingSafeEqual(given, digest);
  }
  if (kind !== "whpk" || version !== "v1a") return false;
  const x = Buffer.from(encoded, "base64").toString("base64url");
  return verify(null, signed, createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }), given);
}

/** Keep a message once; false where it is there already. Yours may be an INSERT with a unique column instead. */
async function keep(id, body) {
  const part = join(INBOX, `${randomUUID()}.part`);
  try {
    const file = await open(part, "wx", 0o600);
    await file.writeFile(body);
    await file.sync();
    await file.close();
    // of two at once the second fails, and half a file is never kept
    await link(part, join(INBOX, `${createHash("sha256").update(id).digest("hex")}.json`));
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > LARGEST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Status and word, as the sender's table of answers says. */
async function receive(request) {
  if (request.method !== "POST") return [405, "post it"];
  const body = await readBody(request);
  if (body === null) return [413, "too large"];
  if (!isGenuine(request.headers, body)) return [401, "not genuine"]; // the sender waits until somebody has looked
  try {
    return [200, (await keep(request.headers["webhook-id"], body)) ? "accepted" : "duplicate"];
  } catch {
    return [503, "try later"];
  }
}

await mkdir(INBOX, { mode: 0o700, recursive: true });
const server = createServer(async (request, response) => {
  try {
    const [status, word] = await receive(request);
    response.writeHead(status, { "Content-Type": "application/json", Connection: "close" });
    response.end(`{"status": "${word}"}\n`);
  } catch {
    response.destroy(); // the line broke while we read
  }
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
