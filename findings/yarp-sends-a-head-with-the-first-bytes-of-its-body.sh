#!/bin/bash
# YARP passes the head of a response on together with the first bytes of its body. An upstream that sends its head at once and its first
# event later, as servers of server-sent events and of long polls do, is seen by clients of YARP as one that does not answer: no status, no
# headers, no `open` event of an EventSource, and a client's time limit for the head runs until the first event. It is so for
# text/event-stream too. Envoy and a client without a proxy get the head at once. HttpForwarder leaves the start of the response to the first
# write on purpose: a response without a body shall stay one without. A transform that starts the response itself
# (AddResponseTransform with HttpResponse.StartAsync) passes such a head on.
# Seen with: Yarp.ReverseProxy 2.3.0, .NET SDK 10.0.401, linux x86_64.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

cat >head.csproj <<'END_PROJECT'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Yarp.ReverseProxy" Version="[2.3.0]" />
  </ItemGroup>
</Project>
END_PROJECT

cat >Program.cs <<'END_PROGRAM'
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

var events = new SemaphoreSlim(0); // one is let out at a time
WebApplicationBuilder upstreamBuilder = NewBuilder();
await using WebApplication upstream = upstreamBuilder.Build();
upstream.MapGet("/", async context =>
{
    context.Response.ContentType = "text/event-stream";
    await context.Response.StartAsync();
    await context.Response.Body.FlushAsync();
    await events.WaitAsync(context.RequestAborted);
    await context.Response.WriteAsync("data: 1\n\n");
});
await upstream.StartAsync();

await using WebApplication plain = Proxy(starts: false), starting = Proxy(starts: true);
await plain.StartAsync();
await starting.StartAsync();
foreach ((string name, string url) in new[] { ("no proxy", upstream.Urls.First()), ("YARP", plain.Urls.First()), ("YARP with a transform that starts the response", starting.Urls.First()) })
{
    using var client = new HttpClient();
    Task<HttpResponseMessage> answer = client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
    bool headIsThere = await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(5))) == answer;
    events.Release();
    using HttpResponseMessage response = await answer.WaitAsync(TimeSpan.FromSeconds(30));
    Console.WriteLine($"{name}: the head comes {(headIsThere ? "before" : "with")} the first event, which is \"{(await response.Content.ReadAsStringAsync()).Trim()}\"");
}

WebApplication Proxy(bool starts)
{
    WebApplicationBuilder builder = NewBuilder();
    IReverseProxyBuilder proxy = builder.Services.AddReverseProxy().LoadFromMemory(
        [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**any}" } }],
        [new ClusterConfig { ClusterId = "upstream", Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = upstream.Urls.First() } } }]);
    if (starts)
    {
        proxy.AddTransforms(transforms => transforms.AddResponseTransform(async transform =>
        {
            await transform.HttpContext.Response.StartAsync();
            await transform.HttpContext.Response.Body.FlushAsync();
        }));
    }

    WebApplication app = builder.Build();
    app.MapReverseProxy();
    return app;
}

static WebApplicationBuilder NewBuilder()
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    return builder;
}
END_PROGRAM

dotnet build -c Release -v quiet -tl:off '-clp:ErrorsOnly;NoSummary' head.csproj >build.log 2>&1 || { cat build.log; exit 1; }
seen=$(timeout 120 dotnet bin/Release/net10.0/head.dll)
echo "$seen"
expected='no proxy: the head comes before the first event, which is "data: 1"
YARP: the head comes with the first event, which is "data: 1"
YARP with a transform that starts the response: the head comes before the first event, which is "data: 1"'
[[ $seen == "$expected" ]] || { echo "this is not what was seen before" >&2; exit 1; }
