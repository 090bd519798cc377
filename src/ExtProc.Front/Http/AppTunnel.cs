using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.Front.Http;

/// <summary>A tunnel as the app opens it: what it reads and writes goes through the filter.</summary>
internal sealed class AppTunnel(Tunnel tunnel, AppRequestBody request, AppResponse response) : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    public bool IsUpgradableRequest => tunnel.IsUpgrade;

    public bool IsExtendedConnect => tunnel.IsPossible && !tunnel.IsUpgrade;

    public string? Protocol => tunnel.Protocol;

    public Task<Stream> UpgradeAsync() => AcceptAsync(StatusCodes.Status101SwitchingProtocols);

    public async ValueTask<Stream> AcceptAsync() => await AcceptAsync(StatusCodes.Status200OK).ConfigureAwait(false);

    private async Task<Stream> AcceptAsync(int status)
    {
        response.StatusCode = status;
        tunnel.IsAccepted = true;
        await response.StartAsync().ConfigureAwait(false);
        return new TunnelStream(request, response.Stream);
    }
}
