using ExtProc.EndToEnd.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>A call over HTTP/2.</summary>
internal sealed class KestrelCall(HttpContext context, SeenRequest seen) : UpstreamCall(seen)
{
    private const int PieceLimitBytes = 64 * 1024;
    private readonly byte[] buffer = new byte[PieceLimitBytes];
    private Stream? tunnel;

    public static Fields HeadersOf(HttpContext context)
    {
        var fields = new Fields();
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (string? value in values)
            {
                fields.Add(name == "Host" ? ":authority" : name, value ?? "");
            }
        }

        return fields;
    }

    public override async Task StartAsync(int status, Fields headers, CancellationToken cancel)
    {
        await StartAndEndAsync(status, headers, cancel);
        await context.Response.StartAsync(cancel);
        await context.Response.Body.FlushAsync(cancel);
    }

    public override Task StartAndEndAsync(int status, Fields headers, CancellationToken cancel)
    {
        context.Response.StatusCode = status;
        foreach (var line in headers.GroupBy(line => line.Key))
        {
            context.Response.Headers[line.Key] = line.Select(value => value.Value).ToArray();
        }

        return Task.CompletedTask; // what was not started goes out with END_STREAM when the handler returns
    }

    public override async Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel)
    {
        var stream = tunnel ?? context.Response.Body;
        await stream.WriteAsync(piece, cancel);
        await stream.FlushAsync(cancel);
    }

    public override Task EndAsync(Fields? trailers, CancellationToken cancel)
    {
        foreach (var (name, value) in trailers ?? [])
        {
            context.Response.AppendTrailer(name, value);
        }

        return Task.CompletedTask; // Kestrel ends the stream when the handler returns
    }

    public override Task InformAsync(int status, Fields headers, CancellationToken cancel) =>
        throw new NotSupportedException("Kestrel sends no informational responses; use the HTTP/1.1 upstream");

    public override async Task AcceptTunnelAsync(CancellationToken cancel)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            tunnel = await connect.AcceptAsync();
        }
        else
        {
            await StartAsync(200, [], cancel);
        }
    }

    public override void Abort() => context.Abort();

    protected override Fields RequestTrailers
    {
        get
        {
            var fields = new Fields();
            if (context.Request.CheckTrailersAvailable())
            {
                foreach (var (name, values) in context.Features.Get<IHttpRequestTrailersFeature>()!.Trailers)
                {
                    foreach (string? value in values)
                    {
                        fields.Add(name, value ?? "");
                    }
                }
            }

            return fields;
        }
    }

    protected override async Task<byte[]?> ReadPieceAsync(CancellationToken cancel)
    {
        try
        {
            int count = await (tunnel ?? context.Request.Body).ReadAsync(buffer, cancel);
            return count == 0 ? null : buffer[..count];
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException)
        {
            throw new CutShortException($"the request was broken off: {e.Message}");
        }
    }
}
