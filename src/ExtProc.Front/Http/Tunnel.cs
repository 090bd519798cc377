using System.Buffers;
using ExtProc.Front.Exchange;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Front.Http;

/// <summary>
/// An upgrade of HTTP/1.1 or an extended CONNECT of HTTP/2 (RFC 8441): the app asks for it, its headers go through the filter, and only
/// then the client is told. From there on the bytes of both sides are bodies that have no end of their own.
/// </summary>
internal sealed class Tunnel(HttpContext context, FrontExchange exchange)
{
    private const int ChunkBytes = 64 << 10;

    private readonly IHttpUpgradeFeature? _upgrade = UpgradeOf(context);
    private readonly IHttpExtendedConnectFeature? _connect = context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect ? connect : null;
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client asks for one.</summary>
    public bool IsPossible => _upgrade is not null || _connect is not null;

    /// <summary>The client's wish for another protocol; null: it has none, or only for HTTP/2, which is taken for none, as Envoy does.</summary>
    public static IHttpUpgradeFeature? UpgradeOf(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade && !context.Request.Headers.Upgrade.ToString().Equals("h2c", StringComparison.OrdinalIgnoreCase)
            ? upgrade
            : null;

    /// <summary>By an upgrade, not by CONNECT.</summary>
    public bool IsUpgrade => _upgrade is not null;

    /// <summary>The protocol of an extended CONNECT.</summary>
    public string? Protocol => _connect?.Protocol;

    /// <summary>The app has accepted.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>Tells the client.</summary>
    public async Task<Stream> OpenAsync()
    {
        Stream opened = _upgrade is not null ? await _upgrade.UpgradeAsync().ConfigureAwait(false) : await _connect!.AcceptAsync().ConfigureAwait(false);
        _opened.TrySetResult(opened);
        return opened;
    }

    /// <summary>Reads what the client sends once it is open.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        Stream client = await _opened.Task.WaitAsync(cancellation).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (int count = -1; count != 0;)
            {
                await exchange.RoomAsync(Direction.Request, cancellation).ConfigureAwait(false);
                count = await client.ReadAsync(buffer, cancellation).ConfigureAwait(false);
                exchange.Data(Direction.Request, buffer.AsSpan(0, count).ToArray(), end: count == 0);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
