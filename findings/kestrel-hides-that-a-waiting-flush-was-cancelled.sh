#!/bin/bash
# PipeWriter.CancelPendingFlush ends a flush that waits because its reader is slow, and its FlushResult says IsCanceled: that is
# what tells the writer to stop. Kestrel's writer of a response body (HttpResponse.BodyWriter) ends the waiting flush too, and
# says IsCanceled false, as if there were room again; over HTTP/1.1 and over HTTP/2 alike. A handler that goes by the result
# writes on, and its next flush waits for ever: the cancellation is used up. A plain Pipe keeps the contract.
# Kestrel's TimingPipeFlusher awaits the result of a flush that waits, and returns the default one instead of it.
# Seen with: ASP.NET Core 10.0.12 (packages Microsoft.AspNetCore.App.Runtime.linux-x64 and Microsoft.NETCore.App.Runtime.linux-x64),
# .NET SDK 10.0.401, linux x86_64.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

cat >flush.csproj <<'END_PROJECT'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RuntimeFrameworkVersion>10.0.12</RuntimeFrameworkVersion>
  </PropertyGroup>
</Project>
END_PROJECT

cat >Program.cs <<'END_PROGRAM'
using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

Console.WriteLine($"a pipe: {await CancelWaitingFlushAsync(new Pipe().Writer)}");
foreach (HttpProtocols protocol in new[] { HttpProtocols.Http1, HttpProtocols.Http2 })
{
    TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = protocol));
    await using WebApplication app = builder.Build();
    app.Run(async context => ended.SetResult(await CancelWaitingFlushAsync(context.Response.BodyWriter)));
    await app.StartAsync();

    // The body of the response is not read.
    Version version = protocol is HttpProtocols.Http1 ? HttpVersion.Version11 : HttpVersion.Version20;
    using HttpClient client = new() { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    using HttpResponseMessage response = await client.GetAsync(app.Urls.First(), HttpCompletionOption.ResponseHeadersRead);
    Console.WriteLine($"Kestrel, HTTP/{response.Version}: {await ended.Task.WaitAsync(TimeSpan.FromSeconds(30))}");
}

static async Task<string> CancelWaitingFlushAsync(PipeWriter writer)
{
    while (true)
    {
        writer.Write(new byte[10_000]);
        Task<FlushResult> flush = writer.FlushAsync().AsTask();
        if (await Task.WhenAny(flush, Task.Delay(500)) != flush)
        {
            writer.CancelPendingFlush();
            FlushResult result = await flush.WaitAsync(TimeSpan.FromSeconds(5));
            return $"the flush that waited has ended, IsCanceled {result.IsCanceled}";
        }
    }
}
END_PROGRAM

dotnet build --verbosity quiet -p:OutDir=out/ >build.log 2>&1 || { cat build.log >&2; exit 1; }
timeout 120 out/flush | tee seen

cat >expected <<'END_EXPECTED'
a pipe: the flush that waited has ended, IsCanceled True
Kestrel, HTTP/1.1: the flush that waited has ended, IsCanceled False
Kestrel, HTTP/2.0: the flush that waited has ended, IsCanceled False
END_EXPECTED
cmp --silent seen expected || { echo "this has changed: before it was" >&2; cat expected >&2; exit 1; }
