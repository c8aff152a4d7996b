// The images: the same twice, with nothing in them that could be run.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotHere, need, run } from '../promises.mjs';
import { WORK, podman } from './stack.mjs';

const imageId = (name) => podman('image', 'inspect', name, '--format', '{{.Id}} {{.Size}}');

async function sameTwice() {
  const first = await imageId('openledger:jvm');
  await run('scripts/image', ['jvm'], 600);
  const second = await imageId('openledger:jvm');
  need(first === second, `${first} and then ${second}`);
  const [id, size] = second.split(' ');
  return `${(size / 1e6).toFixed(0)} MB, sha256:${id.slice(0, 12)}`;
}

async function sameBase() {
  const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  await run('deploy/image/base', [join(WORK, 'base.tar')], 120);
  need(digest(join(WORK, 'base.tar')) === digest('target/image/base.tar'), 'the base is another one');
  return digest('target/image/base.tar').slice(0, 12);
}

async function nothingToRun() {
  const listed = await run('bash', ['-c', `id=$(podman create openledger:jvm) && podman export "$id" | tar -t; podman rm "$id" >/dev/null`], 120);
  const programs = listed.split('\n').filter((path) => /^(usr\/)?s?bin\/[^/]+$/.test(path));
  need(programs.length === 0, `it has ${programs.slice(0, 5)}`);
  for (const wanted of ['openledger.cdx.json', 'licences.txt', 'licences/INDEX', 'LICENSE', 'base-packages.txt']) {
    need(listed.includes(`usr/share/openledger/${wanted}\n`), `${wanted} is not in the image`);
  }
}

/** The image of the router that the stack is started with: the native one, if there is one. Undefined if there is none at all. */
export async function images(promises) {
  console.log('Images');
  let image = 'openledger:jvm';
  if (!(await promises.step('the images are built', 1500, () => run('scripts/image', ['jvm', 'simulator'], 1500)))) return undefined;
  await promises.step('built again, the image is the same', 600, sameTwice);
  await promises.step('made again, the base is the same', 120, sameBase);
  await promises.step('there is nothing in it that could be run, and licences and bill of materials are', 120, nothingToRun);
  await promises.step('the native image', 300, async () => {
    const said = await run('scripts/image', ['native'], 300).catch((e) => {
      throw e.code === 3 ? new NotHere(e.stderr.trim()) : e;
    });
    image = 'openledger:native';
    return said;
  });
  return image;
}
