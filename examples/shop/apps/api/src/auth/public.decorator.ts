import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'shop:public';

/** Opens a route to everyone. Every other route needs a token. */
export const Public = () => SetMetadata(PUBLIC, true);
