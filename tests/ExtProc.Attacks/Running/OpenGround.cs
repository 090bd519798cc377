using Envoy.Runner;

namespace ExtProc.Attacks.Running;

/// <summary>The server alone: whoever attacks it can reach its port as Envoy can.</summary>
internal sealed class OpenGround(ExtProcServerProcess server) : Ground(server)
{
    private static readonly TimeSpan ExchangePause = TimeSpan.FromMilliseconds(5), UploadPause = TimeSpan.FromMilliseconds(30);
    private readonly SteadyCaller _small = new(server.Port), _large = new(server.Port);

    /// <inheritdoc/>
    public override int Port => Server.Port;

    /// <inheritdoc/>
    public override IReadOnlyList<Duty> Duties =>
        [new("exchange", ExchangePause, _small.SmallExchangeAsync), new("upload", UploadPause, _large.UploadAsync)];

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _small.DisposeAsync();
        await _large.DisposeAsync();
        await base.DisposeAsync();
    }
}
