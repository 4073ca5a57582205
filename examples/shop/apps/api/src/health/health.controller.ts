import { Controller, Get } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { Public } from '../auth/public.decorator';

export interface Health {
  readonly status: 'ok';
  readonly uptimeSeconds: number;
}

@Controller('health')
export class HealthController {
  /** For load balancers and monitors, which ask often: not rate limited. */
  @Get()
  @Public()
  @SkipThrottle()
  health(): Health {
    return { status: 'ok', uptimeSeconds: Math.floor(process.uptime()) };
  }
}
