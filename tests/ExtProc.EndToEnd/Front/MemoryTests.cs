using System.Diagnostics;
using System.Security.Cryptography;
using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Upstream;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace ExtProc.EndToEnd.Front;

/// <summary>Alone, for what other tests have in memory would count too.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsCollection;

/// <summary>
/// A sender is much faster than its receiver: what waits, waits at the sender, and every byte arrives. The server is the program
/// <c>extproc</c>, so this process is client, front and app.
/// </summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int BoundMiB = 64;
    private const int PieceBytes = 64 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static TheoryData<BodySendMode> Modes => [BodySendMode.Streamed, BodySendMode.FullDuplexStreamed];

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_request_faster_than_its_app_waits_at_the_client(BodySendMode mode) => RunAsync(mode, 128, UploadAsync);

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_response_faster_than_its_client_waits_in_the_app(BodySendMode mode) => RunAsync(mode, 128, DownloadAsync);

    [Theory]
    [Trait("Run", "all")]
    [MemberData(nameof(Modes))]
    public Task A_request_of_1_GiB_waits_at_the_client(BodySendMode mode) => RunAsync(mode, 1024, UploadAsync);

    [Theory]
    [Trait("Run", "all")]
    [MemberData(nameof(Modes))]
    public Task A_response_of_1_GiB_waits_in_the_app(BodySendMode mode) => RunAsync(mode, 1024, DownloadAsync);

    private async Task RunAsync(BodySendMode mode, int sizeMiB, Func<FrontHost, int, CancellationToken, Task> transfer)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var server = await ExtProcServerProcess.StartAsync(config: null, cancel: deadline.Token);
        await using FrontHost front = await FrontHost.StartAsync(app =>
        {
            app.UseExtProc(options => (options.GrpcService, options.ProcessingMode, options.MessageTimeout) = (new($"http://127.0.0.1:{server.Port}"), Ability.ModesOf(mode), TimeSpan.FromSeconds(30)));
            app.Run(AnswerAsync);
        });
        await transfer(front, 1, deadline.Token);
        (long live, long resident, long serverResident) = (GC.GetTotalMemory(forceFullCollection: true), ProcessMemory.ResidentBytes(Environment.ProcessId), server.ResidentBytes);
        var clock = Stopwatch.StartNew();
        Task transferring = transfer(front, sizeMiB, deadline.Token);
        (long mostLive, long mostResident, long mostServer) = (live, resident, serverResident);
        while (!transferring.IsCompleted)
        {
            await Task.WhenAny(transferring, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token));
            mostLive = Math.Max(mostLive, GC.GetTotalMemory(forceFullCollection: true));
            (mostResident, mostServer) = (Math.Max(mostResident, ProcessMemory.ResidentBytes(Environment.ProcessId)), Math.Max(mostServer, server.ResidentBytes));
        }

        await transferring;
        output.WriteLine($"{sizeMiB} MiB, {mode}, {clock.Elapsed.TotalSeconds:0.0} s: live managed +{(mostLive - live) >> 20} MiB, process +{(mostResident - resident) >> 20} MiB, extproc +{(mostServer - serverResident) >> 20} MiB");
        Assert.InRange((mostLive - live) >> 20, 0, BoundMiB);
        Assert.InRange((mostResident - resident) >> 20, 0, BoundMiB * 2); // garbage counts here until it is collected
    }

    private static async Task UploadAsync(FrontHost front, int sizeMiB, CancellationToken cancel)
    {
        await using ClientExchange exchange = await Caller.OpenAsync(ClientProtocol.Http1, front.PortOf(ClientProtocol.Http1), cancel);
        await exchange.SendHeadAsync(new RequestHead("POST", FrontLab.Authority, "/sink", [], null, HasBody: true), cancel);
        string sent = await WriteAsync(exchange.WriteAsync, sizeMiB, cancel);
        await exchange.EndAsync(null, cancel);
        Assert.Equal(sent, (await Caller.CollectAsync(exchange, cancel)).Text);
    }

    private static async Task DownloadAsync(FrontHost front, int sizeMiB, CancellationToken cancel)
    {
        await using ClientExchange exchange = await Caller.OpenAsync(ClientProtocol.Http1, front.PortOf(ClientProtocol.Http1), cancel);
        await exchange.SendHeadAsync(new RequestHead("GET", FrontLab.Authority, $"/source?n={sizeMiB}", [], null, HasBody: false), cancel);
        await exchange.ReadHeadAsync(cancel);
        await Task.Delay(Pause, TimeProvider.System, cancel); // time for the app to run ahead
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (await exchange.ReadAsync(cancel) is { } piece)
        {
            hash.AppendData(piece);
        }

        Assert.Equal(await WriteAsync((_, _) => Task.CompletedTask, sizeMiB, cancel), Convert.ToHexString(hash.GetHashAndReset()));
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/source")
        {
            await WriteAsync((piece, cancel) => context.Response.Body.WriteAsync(piece, cancel).AsTask(), int.Parse(context.Request.Query["n"]!, System.Globalization.CultureInfo.InvariantCulture), context.RequestAborted);
            return;
        }

        await Task.Delay(Pause, TimeProvider.System, context.RequestAborted); // time for the client to run ahead
        await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted)), context.RequestAborted);
    }

    /// <summary>Writes so much, each piece another; returns its hash.</summary>
    private static async Task<string> WriteAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> write, int sizeMiB, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = Pattern.Bytes(PieceBytes);
        for (int at = 0; at < (sizeMiB << 20) / PieceBytes; at++)
        {
            BitConverter.TryWriteBytes(piece, at);
            hash.AppendData(piece);
            await write(piece, cancel);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
