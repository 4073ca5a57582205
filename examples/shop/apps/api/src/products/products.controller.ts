import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { Public } from '../auth/public.decorator';
import { OperatorOnly } from '../auth/roles.decorator';
import { PageQuery, type Page } from '../common/page';
import { CreateProductDto } from './create-product.dto';
import type { Product } from './product';
import { ProductsService } from './products.service';

@Controller('products')
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  @Get()
  @Public()
  list(@Query() page: PageQuery): Page<Product> {
    return this.products.list(page);
  }

  @Get(':id')
  @Public()
  find(@Param('id', ParseUUIDPipe) id: string): Product {
    return this.products.find(id);
  }

  @Post()
  @OperatorOnly()
  add(@Body() body: CreateProductDto): Product {
    return this.products.add(body);
  }
}
