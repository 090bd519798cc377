#!/bin/bash
# MapGrpcService<T> returns a builder for conventions, such as RequireAuthorization or RequireHost. For the first service that an app
# maps they apply to more than T: with it Grpc.AspNetCore maps the endpoint that answers UNIMPLEMENTED for every service which the
# app does not have, and that endpoint is among those that the builder changes. So with an authorization policy on one service, a call
# of a service that nobody maps is UNAUTHENTICATED (HTTP 401) and not UNIMPLEMENTED, and a client that probes for an optional
# service takes its absence for a lack of rights. Which service decides that is a matter of order alone: if one without a policy is
# mapped first, the same call is UNIMPLEMENTED, and the later service's policy never meets it.
# ServiceRouteBuilder.CreateUnimplementedEndpoints adds the endpoint once, to the builders of the service that is mapped first.
# Seen with: Grpc.AspNetCore.Server 2.85.0, Grpc.HealthCheck 2.85.0, Grpc.Reflection 2.85.0, Grpc.Net.Client 2.85.0, .NET SDK 10.0.401,
# linux x86_64.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

cat >order.csproj <<'END_PROJECT'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Grpc.AspNetCore.Server" Version="[2.85.0]" />
    <PackageReference Include="Grpc.HealthCheck" Version="[2.85.0]" />
    <PackageReference Include="Grpc.Reflection" Version="[2.85.0]" />
    <PackageReference Include="Grpc.Net.Client" Version="[2.85.0]" />
  </ItemGroup>
</Project>
END_PROJECT

cat >Program.cs <<'END_PROGRAM'
using System.Net;
using Grpc.Core;
using Grpc.HealthCheck;
using Grpc.Net.Client;
using Grpc.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

foreach (bool healthIsFirst in new[] { true, false })
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2));
    builder.Services.AddGrpc();
    builder.Services.AddSingleton(new HealthServiceImpl());
    builder.Services.AddSingleton(new ReflectionServiceImpl());
    builder.Services.AddAuthentication("nobody").AddScheme<AuthenticationSchemeOptions, Nobody>("nobody", null);
    builder.Services.AddAuthorization();
    await using WebApplication app = builder.Build();
    app.UseAuthentication();
    app.UseAuthorization();
    Action[] maps =
    [
        () => app.MapGrpcService<HealthServiceImpl>().RequireAuthorization(),
        () => app.MapGrpcService<ReflectionServiceImpl>(),
    ];
    foreach (Action map in healthIsFirst ? maps : maps.Reverse())
    {
        map();
    }

    await app.StartAsync();
    using GrpcChannel channel = GrpcChannel.ForAddress(app.Urls.First());
    Marshaller<string> text = Marshallers.StringMarshaller;
    Method<string, string> unknown = new(MethodType.Unary, "nobody.Maps", "This", text, text);
    using AsyncUnaryCall<string> call = channel.CreateCallInvoker().AsyncUnaryCall(unknown, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30)), "");
    string status = "OK";
    try
    {
        await call;
    }
    catch (RpcException failure)
    {
        status = failure.StatusCode.ToString();
    }

    Console.WriteLine($"the service with the policy is mapped {(healthIsFirst ? "first" : "second")}: {status}");
}

internal sealed class Nobody(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
}
END_PROGRAM

dotnet build --verbosity quiet -p:OutDir=out/ >build.log 2>&1 || { cat build.log >&2; exit 1; }
timeout 120 dotnet out/order.dll | tee seen

cat >expected <<'END_EXPECTED'
the service with the policy is mapped first: Unauthenticated
the service with the policy is mapped second: Unimplemented
END_EXPECTED
cmp --silent seen expected || { echo "this has changed: before it was" >&2; cat expected >&2; exit 1; }
