import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { pageOf, type Page, type PageQuery } from '../common/page';
import type { CreateProductDto } from './create-product.dto';
import { FIRST_PRODUCTS, type Product } from './product';

@Injectable()
export class ProductsService {
  private readonly products = new Map(FIRST_PRODUCTS.map((product) => [product.id, product]));

  list(page: PageQuery): Page<Product> {
    return pageOf([...this.products.values()], page);
  }

  find(id: string): Product {
    const product = this.products.get(id);
    if (!product) {
      throw new NotFoundException('There is no such product.');
    }
    return product;
  }

  add({ name, kind, priceCents, leastQuantity }: CreateProductDto): Product {
    const product: Product = { id: randomUUID(), name, kind, priceCents, leastQuantity };
    this.products.set(product.id, product);
    return product;
  }
}
