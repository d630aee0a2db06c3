"""Whether what a browser answered is right. The only door to webauthn."""

from base64 import urlsafe_b64decode
from json import loads

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException

from base.passkeys import ALGORITHMS, LONGEST_ID, MOST_LETTERS, Made, Place, Shown, Unfit

#: What the library lets out besides its own, where an answer is made to hurt.
_WRONG = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
#: Nobody is asked to vouch for a device: browsers send no other kinds then.
_KINDS = frozenset({"none", "packed"})
#: RSA of 8,192 bits.
_LONGEST_KEY = 1_100


def made(answer: str, place: Place, challenge: bytes) -> Made:
    """Raises Unfit, also for a key that nothing could be checked with later."""
    if len(answer) > MOST_LETTERS:
        raise Unfit
    try:
        if parse_attestation_object(_attested(answer)).fmt not in _KINDS:
            raise Unfit
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(alg) for alg in ALGORITHMS],
        )
        decoded_public_key_to_cryptography(
            decode_credential_public_key(found.credential_public_key)
        )
    except _WRONG as error:
        raise Unfit from error
    if len(found.credential_id) > LONGEST_ID or len(found.credential_public_key) > _LONGEST_KEY:
        raise Unfit
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def shown(answer: str, place: Place, challenge: bytes, public_key: bytes) -> Shown:
    """Raises Unfit. Only what is signed says more: how often, and whether the person was asked."""
    if len(answer) > MOST_LETTERS:
        raise Unfit
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
        )
    except _WRONG as error:
        raise Unfit from error
    return Shown(found.new_sign_count, found.user_verified)


def _attested(answer: str) -> bytes:
    return urlsafe_b64decode(f"{loads(answer)['response']['attestationObject']}===")
