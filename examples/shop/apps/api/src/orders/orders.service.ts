import { randomUUID } from 'node:crypto';
import { ConflictException, Injectable, NotFoundException, UnprocessableEntityException } from '@nestjs/common';
import { maySee, type Principal } from '../auth/principal';
import { pageOf, type Page, type PageQuery } from '../common/page';
import { ProductsService } from '../products/products.service';
import { TanksService } from '../tanks/tanks.service';
import type { Order, OrderState } from './order';
import type { PlaceOrderDto } from './order.dto';
import { mayMove, refusal, totalCents } from './order-rules';

@Injectable()
export class OrdersService {
  private readonly orders = new Map<string, Order>();

  constructor(
    private readonly products: ProductsService,
    private readonly tanks: TanksService,
  ) {}

  list(principal: Principal, page: PageQuery): Page<Order> {
    return pageOf(
      [...this.orders.values()].filter((order) => maySee(principal, order.customerId)),
      page,
    );
  }

  /** An order of somebody else is answered like one that does not exist. */
  find(principal: Principal, id: string): Order {
    const order = this.orders.get(id);
    if (!order || !maySee(principal, order.customerId)) {
      throw new NotFoundException('There is no such order.');
    }
    return order;
  }

  place(principal: Principal, { productId, tankId, quantity }: PlaceOrderDto): Order {
    const product = this.products.find(productId);
    const tank = tankId === undefined ? undefined : this.tanks.find(principal, tankId);
    const why = refusal(product, tank, quantity);
    if (why !== undefined) {
      throw new UnprocessableEntityException(why);
    }
    const order: Order = {
      id: randomUUID(),
      customerId: principal.id,
      productId: product.id,
      tankId: tank?.id ?? null,
      quantity,
      totalCents: totalCents(product, quantity),
      state: 'placed',
      placedAt: new Date().toISOString(),
    };
    this.orders.set(order.id, order);
    return order;
  }

  move(principal: Principal, id: string, state: OrderState): Order {
    const order = this.find(principal, id);
    if (!mayMove(order.state, state)) {
      throw new ConflictException(`An order that is ${order.state} cannot become ${state}.`);
    }
    const moved: Order = { ...order, state };
    this.orders.set(id, moved);
    return moved;
  }
}
