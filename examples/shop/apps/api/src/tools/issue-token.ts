import { JwtService } from '@nestjs/jwt';
import { isRole, ROLES } from '../auth/principal';
import { tokenOptions } from '../auth/token-options';
import { readSettings } from '../settings';

/**
 * Prints an access token for local use: issue-token ROLE ID.
 * It knows nothing the service does not: the key comes from the environment.
 */
function main([role, id]: readonly string[]): void {
  if (!isRole(role) || id === undefined) {
    console.error(`usage: issue-token ${ROLES.join('|')} ID`);
    process.exitCode = 2;
    return;
  }
  const jwt = new JwtService(tokenOptions(readSettings(process.env)));
  process.stdout.write(`${jwt.sign({ sub: id, role })}\n`);
}

main(process.argv.slice(2));
