/* Passkeys: form[data-passkey] names where to ask what the device is to sign. Such a form stays
   hidden where the browser knows no passkeys, and [data-passkey-known] with it;
   [data-passkey-none] says so instead. */

const known = Boolean(globalThis.PublicKeyCredential && navigator.credentials);

function toBytes(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const withBytes = (names) => names.map((one) => ({ ...one, id: toBytes(one.id) }));

/* What the server asks; null where it refuses: why, it says when the form comes. */
async function asked(form) {
  const answer = await fetch(form.dataset.passkey, { method: 'POST' });
  if (!answer.ok || answer.redirected) return null;
  return answer.json();
}

async function made(options) {
  const { challenge, user, excludeCredentials, ...rest } = options;
  const publicKey = {
    ...rest,
    challenge: toBytes(challenge),
    user: { ...user, id: toBytes(user.id) },
    excludeCredentials: withBytes(excludeCredentials),
  };
  const credential = await navigator.credentials.create({ publicKey });
  return told(credential, { attestationObject: toText(credential.response.attestationObject) });
}

async function shown(options) {
  const { challenge, allowCredentials, ...rest } = options;
  const publicKey = {
    ...rest,
    challenge: toBytes(challenge),
    allowCredentials: withBytes(allowCredentials),
  };
  const credential = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = credential.response;
  return told(credential, {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : undefined,
  });
}

/** A credential as the server reads it. */
function told({ id, rawId, type, response }, more) {
  const clientDataJSON = toText(response.clientDataJSON);
  return { id, rawId: toText(rawId), type, response: { clientDataJSON, ...more } };
}

function say(form, what) {
  for (const words of form.querySelectorAll('[data-passkey-said]')) {
    words.hidden = words.dataset.passkeySaid !== what;
  }
}

async function answer(form) {
  say(form, '');
  try {
    const options = await asked(form);
    if (options) {
      const found = await (options.user ? made(options) : shown(options));
      form.elements.answer.value = JSON.stringify(found);
    }
    form.submit();
  } catch (error) {
    say(form, error.name === 'InvalidStateError' ? 'there' : 'stopped');
  }
}

for (const form of known ? document.querySelectorAll('form[data-passkey]') : []) {
  form.hidden = false;
  let under = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (under) return;
    under = true;
    answer(form).finally(() => { under = false; });
  });
}
for (const words of known ? document.querySelectorAll('[data-passkey-known], [data-passkey-none]') : []) {
  words.hidden = 'passkeyNone' in words.dataset;
}
