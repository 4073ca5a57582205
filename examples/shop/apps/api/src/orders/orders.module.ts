import { Module } from '@nestjs/common';
import { ProductsModule } from '../products/products.module';
import { TanksModule } from '../tanks/tanks.module';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';

@Module({
  imports: [ProductsModule, TanksModule],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class OrdersModule {}
