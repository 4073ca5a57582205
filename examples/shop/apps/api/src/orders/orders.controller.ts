import { Body, Controller, Get, HttpCode, HttpStatus, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import type { Principal } from '../auth/principal';
import { OperatorOnly, Roles } from '../auth/roles.decorator';
import { PageQuery, type Page } from '../common/page';
import type { Order } from './order';
import { MoveOrderDto, PlaceOrderDto } from './order.dto';
import { OrdersService } from './orders.service';

@Controller('orders')
@Roles('customer', 'operator')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get()
  list(@CurrentPrincipal() principal: Principal, @Query() page: PageQuery): Page<Order> {
    return this.orders.list(principal, page);
  }

  @Post()
  @Roles('customer')
  place(@CurrentPrincipal() principal: Principal, @Body() body: PlaceOrderDto): Order {
    return this.orders.place(principal, body);
  }

  @Get(':id')
  find(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Order {
    return this.orders.find(principal, id);
  }

  @Patch(':id')
  @OperatorOnly()
  move(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { state }: MoveOrderDto,
  ): Order {
    return this.orders.move(principal, id, state);
  }

  @Post(':id/cancel')
  @HttpCode(HttpStatus.OK)
  cancel(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Order {
    return this.orders.move(principal, id, 'cancelled');
  }
}
