// What is installed in the folder that the program was given.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.argv[2]}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));

export const { default: Provider, errors } = await load('oidc-provider');
export const jose = await load('jose');
