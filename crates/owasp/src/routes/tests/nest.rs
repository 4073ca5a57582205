use super::*;

const MAIN: (&str, &str) = (
    "src/main.ts",
    "import { NestFactory } from '@nestjs/core';\nimport { ValidationPipe, VersioningType } from '@nestjs/common';\nimport { AppModule } from './app.module';\n\
     async function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.setGlobalPrefix('api', { exclude: ['health'] });\n\
     app.enableVersioning({ type: VersioningType.URI });\n  app.useGlobalPipes(new ValidationPipe({ whitelist: true }));\n}\nbootstrap();\n",
);

const GUARDS: (&str, &str) = (
    "src/guards.ts",
    "import { AuthGuard } from '@nestjs/passport';\nimport { ForbiddenException } from '@nestjs/common';\nimport { Reflector } from '@nestjs/core';\n\
     export const Public = () => SetMetadata(IS_PUBLIC, true);\nexport const IS_PUBLIC = 'isPublic';\nexport const Roles = Reflector.createDecorator<string[]>();\n\
     import { SetMetadata, applyDecorators, UseGuards } from '@nestjs/common';\n\
     export class JwtGuard extends AuthGuard('jwt') {\n  constructor(private reflector: Reflector) { super(); }\n  canActivate(context) {\n\
       const open = this.reflector.getAllAndOverride(IS_PUBLIC, [context.getHandler(), context.getClass()]);\n    if (open) return true;\n    return super.canActivate(context);\n  }\n}\n\
     export class OptionalGuard extends AuthGuard('jwt') {\n  handleRequest(err, user) { return user; }\n}\n\
     export class RolesGuard {\n  constructor(private reflector: Reflector) {}\n  canActivate(context) {\n    const roles = this.reflector.get(Roles, context.getHandler()) ?? [];\n\
       if (roles.length === 0) { return true; }\n    const { user } = context.switchToHttp().getRequest();\n    if (!user.roles.some((r) => roles.includes(r))) { throw new ForbiddenException(); }\n    return true;\n  }\n}\n\
     export const Admin = () => applyDecorators(UseGuards(RolesGuard), Roles(['admin']));\nexport const Reader = () => Roles(['reader']);\n",
);

fn module(controllers: &str, providers: &str) -> String {
    format!(
        "import {{ Module }} from '@nestjs/common';\nimport {{ APP_GUARD }} from '@nestjs/core';\nimport {{ JwtGuard, RolesGuard }} from './guards';\nimport * as c from './c';\n\
         @Module({{ controllers: [{controllers}], providers: [{providers}] }})\nexport class Inner {{}}\n\
         @Module({{ imports: [Inner.forRoot ? Inner : Inner] }})\nexport class AppModule {{}}\n"
    )
}

const HEAD: &str = "import { Body, Controller, Delete, Get, Param, Post, Req, UseGuards, Version } from '@nestjs/common';\n\
                    import { Admin, Public, Reader, RolesGuard, OptionalGuard } from './guards';\nimport { IsString } from 'class-validator';\n\
                    class Dto { @IsString() name: string; }\ninterface Loose { name: string }\n";

fn app(controller: &str, providers: &str) -> Vec<String> {
    let controller = format!("{HEAD}{controller}");
    let module = module("c.C", providers);
    routes(&[MAIN, GUARDS, ("src/app.module.ts", &module), ("src/c.ts", &controller)])
}

const BOTH: &str = "{ provide: APP_GUARD, useClass: JwtGuard }, { provide: APP_GUARD, useClass: RolesGuard }";

#[test]
fn guards_for_all_are_followed_by_the_marks_of_each_route() {
    let found = app(
        "@Controller('wells')\nexport class C {\n  @Get() @Reader() list() {}\n  @Post() @Admin() create(@Body() dto: Dto) {}\n  @Get('open') @Public() open() {}\n\
           @Delete(':id') remove(@Param('id') id: string) { return this.s.remove(id); }\n  @Get(':id') @Reader() get(@Param('id') id: string, @Req() req) { return this.s.find(req.user.id, id); }\n\
           @Post('loose') @Reader() loose(@Body() dto: Loose) {}\n  @Post('one') @Reader() one(@Body('name') name: string) {}\n}\n",
        BOTH,
    );
    assert_eq!(
        found,
        [
            "GET /api/wells known by JwtGuard, role @Reader, asked by RolesGuard",
            "POST /api/wells known by JwtGuard, role @Admin, asked by RolesGuard, body checked",
            "POST /api/wells/loose known by JwtGuard, role @Reader, asked by RolesGuard, body unchecked",
            "POST /api/wells/one known by JwtGuard, role @Reader, asked by RolesGuard, body checked",
            "GET /api/wells/open public by @Public lets anybody through JwtGuard",
            "DELETE /api/wells/{id} known by JwtGuard, object by its name",
            "GET /api/wells/{id} known by JwtGuard, role @Reader, asked by RolesGuard, object scoped",
        ]
    );
}

#[test]
fn a_guard_that_is_only_provided_or_commented_out_stands_before_nothing() {
    let found = app("// @UseGuards(RolesGuard)\n@Controller()\nexport class C {\n  @Get() list() {}\n}\n", "JwtGuard");
    assert_eq!(found, ["GET /api open"]);
}

#[test]
fn a_guard_that_hands_on_nobody_lets_everybody_in() {
    let found = app("@Controller('x')\n@UseGuards(OptionalGuard)\nexport class C {\n  @Get() list() {}\n}\n", "");
    assert_eq!(found, ["GET /api/x open"]);
}

#[test]
fn a_mark_on_the_class_is_not_seen_by_a_guard_that_asks_the_handler() {
    let found = app("@Controller('x')\n@Reader()\nexport class C {\n  @Get() list() {}\n}\n", BOTH);
    assert_eq!(found, ["GET /api/x known by JwtGuard"]);
}

#[test]
fn versions_prefixes_and_several_paths_are_part_of_routes() {
    let found = app(
        "const PATH = 'a';\n@Controller({ path: [PATH, 'b'], version: '1' })\nexport class C {\n  @Get(['x', 'y']) list() {}\n  @Version('2') @Get() two() {}\n}\n@Controller('health') export class H { @Get() h() {} }\n",
        "",
    );
    let names: Vec<&str> = found.iter().map(|line| line.split(" open").next().unwrap()).collect();
    assert_eq!(
        names,
        [
            "GET /api/v1/a/x",
            "GET /api/v1/a/y",
            "GET /api/v1/b/x",
            "GET /api/v1/b/y",
            "GET /api/v2/a",
            "GET /api/v2/b",
            "GET /health not served"
        ]
    );
}

#[test]
fn what_cannot_be_looked_into_is_not_credited() {
    let found = app(
        "import { Strange } from 'strange-auth';\n@Controller('x')\n@UseGuards(Strange)\nexport class C {\n  @Get() list() {}\n}\n",
        "",
    );
    assert_eq!(found, ["GET /api/x open"], "what is not called a guard of who asks is passed over");
    let found = app(
        "import { AuthThing } from 'strange';\n@Controller('x')\n@UseGuards(AuthThing)\nexport class C {\n  @Get() list() {}\n}\n",
        "",
    );
    assert_eq!(found, ["GET /api/x unclear: the guard AuthThing could not be looked into"]);
}

#[test]
fn controllers_that_nobody_registers_are_listed_and_do_not_count() {
    let found = with(
        &[
            MAIN,
            GUARDS,
            ("src/app.module.ts", &module("", BOTH)),
            ("src/c.ts", &format!("{HEAD}@Controller('x')\nexport class C {{ @Get() list() {{}} }}\n")),
        ],
        |program| {
            let table = table(program);
            let lost: Vec<String> = table.lost.iter().map(|lost| format!("{} {}", lost.what, lost.hides)).collect();
            (table.routes.iter().map(line).collect::<Vec<String>>(), lost)
        },
    );
    assert_eq!(found.0, ["GET /api/x not served known by JwtGuard"]);
    assert_eq!(found.1, ["the controller C is registered by no application that was found false"]);
}

#[test]
fn modules_may_lie_below_a_path() {
    let text = "import { Controller, Get, Module } from '@nestjs/common';\nimport { RouterModule } from '@nestjs/core';\n@Controller('x')\nexport class X { @Get() a() {} }\n\
                @Controller('y')\nexport class Y { @Get() a() {} }\n@Module({ controllers: [X] })\nexport class Inner {}\n@Module({ controllers: [Y] })\nexport class Other {}\n\
                const tree = [{ path: 'admin', children: [{ path: 'deep', module: Inner }, Other] }];\n\
                @Module({ imports: [Inner, Other, RouterModule.register(tree)] })\nexport class AppModule {}\n";
    assert_eq!(routes(&[MAIN, ("src/app.module.ts", text)]), ["GET /api/admin/deep/x open", "GET /api/admin/y open"]);
}

#[test]
fn guards_may_be_spread_from_a_list() {
    let found = app(
        "import { AuthGuard } from '@nestjs/passport';\nconst ALL = [AuthGuard('jwt'), RolesGuard];\n@Controller('x')\n@UseGuards(...ALL)\nexport class C {\n  @Get() @Reader() list() {}\n}\n",
        "",
    );
    assert_eq!(found, ["GET /api/x known by AuthGuard('jwt'), role @Reader, asked by RolesGuard"]);
}
