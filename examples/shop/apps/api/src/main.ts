import { createApp } from './app';
import { readSettings, SettingsError } from './settings';

async function main(): Promise<void> {
  const { host, port } = readSettings(process.env);
  const app = await createApp();
  app.enableShutdownHooks();
  await app.listen(port, host);
}

main().catch((error: unknown) => {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exitCode = 1;
});
