import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { AuditInterceptor } from './audit/audit.interceptor';
import { AuthGuard } from './auth/auth.guard';
import { AuthModule } from './auth/auth.module';
import { RolesGuard } from './auth/roles.guard';
import { HealthController } from './health/health.controller';
import { OrdersModule } from './orders/orders.module';
import { ProductsModule } from './products/products.module';
import { SETTINGS, type Settings } from './settings';
import { SettingsModule } from './settings.module';
import { TanksModule } from './tanks/tanks.module';

@Module({
  imports: [
    SettingsModule,
    AuthModule,
    ThrottlerModule.forRootAsync({
      inject: [SETTINGS],
      useFactory: ({ requestsPerMinute }: Settings) => [{ ttl: 60_000, limit: requestsPerMinute }],
    }),
    ProductsModule,
    TanksModule,
    OrdersModule,
  ],
  controllers: [HealthController],
  // The guards run in this order: how often, then who, then whether.
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
})
export class AppModule {}
