// SPDX-License-Identifier: Apache-2.0
// mico-controller against hap-nodejs, a HomeKit accessory that others wrote.
// usage: node --test hap_nodejs.test.mjs, with MICO_CONTROLLER naming the program
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const require = createRequire(import.meta.url);
const { Accessory, Categories, Characteristic, HAPStorage, Service, uuid } = require('hap-nodejs');

const ID = '17:51:07:F4:BC:8A';
const CODE = '678-90-876';
let folder;
let bulb;
let address;
let lit = false;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mico-interop-'));
  HAPStorage.setCustomStoragePath(join(folder, 'persist'));
  bulb = new Accessory('Lamp', uuid.generate('lamp'));
  bulb.addService(new Service.Lightbulb('Lamp')).getCharacteristic(Characteristic.On)
    .onGet(() => lit).onSet((value) => { lit = Boolean(value); });
  const listening = once(bulb, 'listening');
  await bulb.publish({ username: ID, pincode: CODE, category: Categories.LIGHTBULB, port: 0, bind: 'lo' });
  const [port] = await listening;
  address = `127.0.0.1:${port}`;
});

after(async () => {
  await bulb.unpublish();
  await bulb.destroy();
  await rm(folder, { recursive: true });
});

// Run mico-controller; [exit status, what it printed].
const run = (...args) => new Promise((resolve) => {
  execFile(process.env.MICO_CONTROLLER, ['--state', join(folder, 'state.json'), ...args], (error, out, err) => {
    resolve([error ? error.code : 0, (out + err).trim()]);
  });
});
const pair = (code, ...more) => run('pair', '--address', address, '--code', code, ...more);

test('a plain accessory is refused until it is allowed', async () => {
  const [uncertified, why] = await pair(CODE, '--maker-root', process.env.MICO_SOME_ROOT);
  assert.equal(uncertified, 5);
  assert.match(why, /shows no device certificate/);
  const [wrong] = await pair('678-90-877', '--allow-uncertified');
  assert.equal(wrong, 4);
  assert.deepEqual(await pair(CODE, '--allow-uncertified'), [0, `paired with ${ID} (no device certificate)`]);
});

test('its light is switched and read', async () => {
  assert.deepEqual(await run('get', 'on'), [0, 'on false']);
  assert.deepEqual(await run('set', 'on', 'true'), [0, 'on true']);
  assert.equal(lit, true);
  assert.deepEqual(await run('--json', 'get', 'on'), [0, `{"device":"${ID}","on":true}`]);
});

test('it is unpaired', async () => {
  assert.deepEqual(await run('unpair'), [0, 'unpaired']);
  assert.deepEqual(await run('list'), [0, '']);
});
