using ExtProc.Front;
using Microsoft.AspNetCore.Builder;

namespace ExtProc.Demo.DataPlanes;

/// <summary>The library's own client of ext_proc, as middleware of an app that serves what the upstream serves: no Envoy is needed.</summary>
internal sealed class FrontDataPlane : IDataPlane
{
    private static readonly ProcessingMode BothFullDuplex = new()
    {
        RequestHeaderMode = HeaderSendMode.Send,
        RequestBodyMode = BodySendMode.FullDuplexStreamed,
        RequestTrailerMode = HeaderSendMode.Send,
        ResponseHeaderMode = HeaderSendMode.Send,
        ResponseBodyMode = BodySendMode.FullDuplexStreamed,
        ResponseTrailerMode = HeaderSendMode.Send,
    };

    private readonly WebApplication app;

    private FrontDataPlane(WebApplication app) => this.app = app;

    /// <inheritdoc/>
    public string Name => "the front, which is not Envoy,";

    /// <summary>Starts it.</summary>
    public static async Task<IDataPlane> StartAsync(DemoOptions options, CancellationToken cancel)
    {
        WebApplication app = DemoUpstream.Create(options.EnvoyPort);
        app.UseExtProc(front =>
        {
            front.GrpcService = new Uri($"http://127.0.0.1:{options.ServerPort}");
            front.ProcessingMode = BothFullDuplex;
        });
        DemoUpstream.Map(app);
        await app.StartAsync(cancel);
        return new FrontDataPlane(app);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
