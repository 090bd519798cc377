using System.Globalization;
using Envoy.Runner;
using ExtProc.InApp;
using Grpc.Net.Client;

namespace ExtProc.EndToEnd.InApp;

/// <summary>The sample app, started as its own process.</summary>
public sealed class SampleTests
{
    [Theory]
    [MemberData(nameof(Lab.Versions.Each), MemberType = typeof(Lab.Versions))]
    public async Task Envoy_the_gRPC_service_and_the_API_are_served_by_one_app(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int web = FreePort.Next(), grpc = FreePort.Next();
        await using ChildProcess app = await StartAsync(web, grpc, deadline.Token);
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("sample", grpc));

        using HttpResponseMessage first = await envoy.GetAsync("sample", "/text?say=hello", deadline.Token), second = await envoy.GetAsync("sample", "/text?say=hello", deadline.Token);

        Assert.Equal((200, "1"), ((int)first.StatusCode, first.Headers.GetValues("x-visits").Single()));
        Assert.Equal((200, "2"), ((int)second.StatusCode, second.Headers.GetValues("x-visits").Single()));
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{grpc}");
        Assert.Equal(2, (await new Visits.VisitsClient(channel).CountAsync(new() { Path = "/text?say=hello" }, cancellationToken: deadline.Token)).Count);
        using HttpClient client = new();
        Assert.Equal("2", await client.GetStringAsync(new Uri($"http://127.0.0.1:{web}/visits?path=/text?say=hello"), deadline.Token));

        app.Terminate();
        Assert.True(await app.WaitForExitAsync(AppEnvoy.Patience), app.Log.Tail(50));
        Assert.Equal(0, app.ExitCode);
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("not set up for it", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Lab.Versions.Each), MemberType = typeof(Lab.Versions))]
    public async Task Its_Envoy_configuration_works(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int web = FreePort.Next(), grpc = FreePort.Next(), listener = FreePort.Next();
        await using ChildProcess app = await StartAsync(web, grpc, deadline.Token);
        string config = await File.ReadAllTextAsync(Path.Combine(Checkout.Root!, "samples/ExtProc.InApp/envoy.yaml"), deadline.Token);
        string here = config.Replace("port_value: 10000", $"port_value: {listener}", StringComparison.Ordinal)
            .Replace("port_value: 9000", $"port_value: {grpc}", StringComparison.Ordinal)
            .Replace("port_value: 8080", $"port_value: {web}", StringComparison.Ordinal);
        await using EnvoyProcess envoy = await EnvoyProcess.StartAsync(
            EnvoyBinary.Find(version), $"admin: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: 0 }} }} }}\n{here}", deadline.Token);
        using HttpClient client = new();

        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{listener}/visits?path=/"), deadline.Token);

        Assert.Equal((200, "1"), ((int)answer.StatusCode, answer.Headers.GetValues("x-visits").Single()));
    }

    private static async Task<ChildProcess> StartAsync(int web, int grpc, CancellationToken cancel)
    {
        ChildProcess app = ChildProcess.Start("the sample", Path.Combine(AppContext.BaseDirectory, "ExtProc.InApp"), ["--WebPort", Text(web), "--GrpcPort", Text(grpc)]);
        try
        {
            await App.UntilAsync(
                () =>
                {
                    app.ThrowIfExited();
                    return app.Log.Lines.Any(line => line.Contains("Application started", StringComparison.Ordinal));
                },
                cancel);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
