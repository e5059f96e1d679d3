<?php

// Receives leads, with what PHP brings along (8.1 or later; sodium for a key that begins with whpk_).
//
//     WEBHOOK_KEYS="whsec_..." INBOX=inbox php -S 127.0.0.1:8080 receiver.php        to try it; else under your web server
//
// Each message is kept once, as a file in INBOX, before it is answered; another program of yours works through them. Keep
// INBOX out of what your web server shows. While a key is being changed, WEBHOOK_KEYS holds both, with a space between.

declare(strict_types=1);

const TOLERANCE_SECONDS = 300;
const LARGEST_BYTES = 256 * 1024;

/** Whether one of our keys proves that the message is from the sender, and of this moment. */
function is_genuine(string $id, string $sent_at, string $signatures, string $body): bool
{
    if ($id === '' || !ctype_digit($sent_at) || abs(time() - (int) $sent_at) > TOLERANCE_SECONDS) {
        return false;
    }
    $signed = "$id.$sent_at.$body"; // the body byte for byte, before json_decode
    foreach (explode(' ', (string) getenv('WEBHOOK_KEYS')) as $key) {
        foreach (explode(' ', $signatures) as $signature) {
            if (proves($key, $signature, $signed)) {
                return true;
            }
        }
    }
    return false;
}

/** Whether this signature is of this key: v1 of a secret, v1a of a public key. */
function proves(string $key, string $signature, string $signed): bool
{
    [$kind, $encoded] = explode('_', $key, 2) + ['', ''];
    [$version, $proof] = explode(',', $signature, 2) + ['', ''];
    $known = (string) base64_decode($encoded, true);
    $given = (string) base64_decode($proof, true);
    if ($kind === 'whsec' && $version === 'v1' && $known !== '') {
        return hash_equals(hash_hmac('sha256', $signed, $known, true), $given); // in constant time
    }
    return $kind === 'whpk' && $version === 'v1a'
        && strlen($known) === SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES && strlen($given) === SODIUM_CRYPTO_SIGN_BYTES
        && sodium_crypto_sign_verify_detached($given, $signed, $known);
}

/** Keep a message once; false where it is there already. Yours may be an INSERT with a unique column instead. */
function keep(string $id, string $body): bool
{
    $inbox = getenv('INBOX') ?: 'inbox';
    @mkdir($inbox, 0700, true);
    $part = $inbox . '/' . bin2hex(random_bytes(16)) . '.part';
    $place = $inbox . '/' . hash('sha256', $id) . '.json';
    try {
        $file = @fopen($part, 'x');
        if (!$file || fwrite($file, $body) !== strlen($body) || !fsync($file) || !fclose($file)) {
            throw new RuntimeException('the inbox cannot be written');
        }
        if (@link($part, $place)) { // of two at once the second fails, and half a file is never kept
            return true;
        }
        if (!file_exists($place)) {
            throw new RuntimeException('the inbox cannot be written');
        }
        return false;
    } finally {
        @unlink($part);
    }
}

/** Status and word, as the sender's table of answers says. */
function receive(): array
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        return [405, 'post it'];
    }
    $body = (string) file_get_contents('php://input', false, null, 0, LARGEST_BYTES + 1);
    if (strlen($body) > LARGEST_BYTES) {
        return [413, 'too large'];
    }
    [$id, $sent_at, $signatures] = array_map(
        fn (string $name): string => $_SERVER["HTTP_WEBHOOK_$name"] ?? '',
        ['ID', 'TIMESTAMP', 'SIGNATURE'],
    );
    if (!is_genuine($id, $sent_at, $signatures, $body)) {
        return [401, 'not genuine']; // the sender waits until somebody has looked at the settings
    }
    try {
        return [200, keep($id, $body) ? 'accepted' : 'duplicate'];
    } catch (RuntimeException) {
        return [503, 'try later'];
    }
}

[$status, $word] = receive();
http_response_code($status);
header('Content-Type: application/json');
echo "{\"status\": \"$word\"}\n";
