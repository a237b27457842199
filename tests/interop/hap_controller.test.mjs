// SPDX-License-Identifier: Apache-2.0
// MiCO's accessory against hap-controller, a HomeKit controller that others wrote.
// usage: node --test hap_controller.test.mjs, with PAIRING_TEST_LAMP naming the lamp's program
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

// The package's front door also loads its Bluetooth side, which needs a native module; only the IP side is wanted.
const require = createRequire(import.meta.url);
const HttpClient = require('hap-controller/lib/transport/ip/http-client').default;

const ID = 'A1:B2:C3:D4:E5:F6';
const CODE = '031-45-154';
const ON = '1.9';
let lamp;
let port;

before(async () => {
  lamp = spawn(process.env.PAIRING_TEST_LAMP, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(lamp.stdout, 'data');
  port = Number(line.toString());
});

after(() => lamp.stdin.end());

const dial = (pairing) => new HttpClient(ID, '127.0.0.1', port, pairing, { usePersistentConnections: true });

test('an unpaired lamp can be identified', async () => {
  await dial().identify();
});

test('a wrong code is refused', async () => {
  await assert.rejects(dial().pairSetup('031-45-155', 0), /M4: Error: 2/);
});

for (const method of [0, 1]) {
  test(`pair-setup by method ${method}, values, events, pairings, removal`, async () => {
    const setup = dial();
    await setup.pairSetup(CODE, method);
    const pairing = setup.getLongTermData();
    assert.equal(Buffer.from(pairing.AccessoryPairingID, 'hex').toString(), ID);

    const alice = dial(pairing);
    const { accessories } = await alice.getAccessories();
    assert.deepEqual(accessories[0].services.map((s) => s.iid), [1, 8, 16]);
    await alice.setCharacteristics({ [ON]: true });
    const read = await alice.getCharacteristics([ON], { meta: true, perms: true, type: true, ev: true });
    assert.equal(read.characteristics[0].value, true);
    assert.deepEqual(read.characteristics[0].perms, ['pr', 'pw', 'ev']);
    await assert.rejects(dial().identify());

    const bob = dial(pairing);
    const told = once(bob, 'event');
    await bob.subscribeCharacteristics([ON]);
    await alice.setCharacteristics({ [ON]: false });
    const [event] = await told;
    assert.deepEqual(event.characteristics.map((c) => [Number(c.aid), Number(c.iid), c.value]), [[1, 9, false]]);
    await bob.unsubscribeCharacteristics([ON]);

    await alice.addPairing('another controller', Buffer.alloc(32, 9), false);
    assert.ok(await alice.listPairings());
    await assert.rejects(dial().pairSetup(CODE, method), /M2: Error: 6/);
    await alice.removePairing(pairing.iOSDevicePairingID ? Buffer.from(pairing.iOSDevicePairingID, 'hex') : '');
    await Promise.allSettled([alice.close(), bob.close()]);
    await dial().identify(); // unpaired again
  });
}
