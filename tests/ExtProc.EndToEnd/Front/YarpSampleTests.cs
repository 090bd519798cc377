using System.Globalization;
using System.Net;
using Envoy.Runner;
using ExtProc.EndToEnd.InApp;

namespace ExtProc.EndToEnd.Front;

/// <summary>The sample with YARP, started as its own process: what its README says that one sees. It needs no Envoy.</summary>
public sealed class YarpSampleTests
{
    [Fact]
    public async Task The_processor_is_at_work_before_YARP()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int web = FreePort.Next(), grpc = FreePort.Next(), shop = FreePort.Next();
        await using ChildProcess app = ChildProcess.Start(
            "the sample", Path.Combine(AppContext.BaseDirectory, "ExtProc.Yarp"), ["--WebPort", Text(web), "--GrpcPort", Text(grpc), "--ShopPort", Text(shop)]);
        await App.UntilAsync(
            () =>
            {
                app.ThrowIfExited();
                return app.Log.Lines.Any(line => line.Contains("Application started", StringComparison.Ordinal));
            },
            deadline.Token);
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{web}") };

        string orders = await client.GetStringAsync(new Uri("/orders", UriKind.Relative), deadline.Token);
        using HttpResponseMessage refused = await client.DeleteAsync(new Uri("/orders", UriKind.Relative), deadline.Token);
        string events = await client.GetStringAsync(new Uri("/events", UriKind.Relative), deadline.Token);
        using HttpResponseMessage past = await client.DeleteAsync(new Uri($"http://127.0.0.1:{shop}/orders"), deadline.Token);

        Assert.Equal("GET order 7, for Ada\n", orders);
        Assert.Equal((HttpStatusCode.Forbidden, "only for reading\n"), (refused.StatusCode, await refused.Content.ReadAsStringAsync(deadline.Token)));
        Assert.Equal("data: the [redacted] is out\n\ndata: no more\n\n", events);
        Assert.Equal((HttpStatusCode.OK, "DELETE order 7, for \n"), (past.StatusCode, await past.Content.ReadAsStringAsync(deadline.Token)));

        app.Terminate();
        Assert.True(await app.WaitForExitAsync(AppEnvoy.Patience), app.Log.Tail(50));
        Assert.Equal(0, app.ExitCode);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
