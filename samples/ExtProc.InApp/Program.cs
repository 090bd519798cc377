using System.Collections.Concurrent;
using System.Net;
using ExtProc;
using ExtProc.Hosting;
using ExtProc.InApp;
using Grpc.Core;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// One port for the web, and one with HTTP/2 for Envoy and for the app's own gRPC.
int web = builder.Configuration.GetValue("WebPort", 8080), grpc = builder.Configuration.GetValue("GrpcPort", 9000);
builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, web);
    kestrel.Listen(IPAddress.Loopback, grpc, port => port.UseExtProc());
});

builder.Services.AddSingleton<VisitCounts>();
builder.Services.AddGrpc();
builder.Services.AddExtProc()
    .AddConfiguration(builder.Configuration.GetSection("ExtProc"))
    .AddSharedProcessor<CountVisits>("count-visits")
    .Use("count-visits");

WebApplication app = builder.Build();
app.MapExtProc().RequireLocalPort(grpc);
app.MapGrpcService<VisitsService>();
app.MapGet("/visits", (string path, VisitCounts visits) => visits.Of(path));
await app.RunAsync();

/// <summary>Counts each request that Envoy takes, and says so to its client.</summary>
internal sealed class CountVisits(VisitCounts visits) : Processor
{
    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        if (!exchange.IsRehearsal)
        {
            visits.Add(exchange.Path);
        }

        return Verdict.Continue;
    }

    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        exchange.ResponseHeaders.Set("x-visits", $"{visits.Of(exchange.Path)}");
        return Verdict.Continue;
    }
}

/// <summary>The app's own gRPC service.</summary>
internal sealed class VisitsService(VisitCounts visits) : Visits.VisitsBase
{
    public override Task<CountReply> Count(CountRequest request, ServerCallContext context) => Task.FromResult(new CountReply { Count = visits.Of(request.Path) });
}

/// <summary>What all three share.</summary>
internal sealed class VisitCounts
{
    private const int MostPaths = 10_000; // clients choose them

    private readonly ConcurrentDictionary<string, long> _counts = new();

    public void Add(string path)
    {
        if (_counts.ContainsKey(path) || _counts.Count < MostPaths)
        {
            _counts.AddOrUpdate(path, 1, (_, count) => count + 1);
        }
    }

    public long Of(string path) => _counts.GetValueOrDefault(path);
}
