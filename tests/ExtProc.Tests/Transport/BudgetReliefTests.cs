using System.Buffers.Binary;
using ExtProc.Transport;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>Who ends when the memory budget is nearly used up, and when a peer keeps the server waiting.</summary>
public sealed class BudgetReliefTests
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo", Hold = $"/{TestGrpcServer.Service}/Hold";
    private const int MiB = 1 << 20, BudgetMiB = 32;

    [Fact]
    public async Task Calls_whose_messages_never_become_whole_end_and_their_neighbours_lose_nothing()
    {
        await using TestGrpcServer server = await StartAsync(messageTimeout: TimeSpan.FromSeconds(3)); // which ends the few that there is room for
        await using RawHttp2Client greedy = await RawHttp2Client.ConnectAsync(server.Port);
        await using RawHttp2Client steady = await RawHttp2Client.ConnectAsync(server.Port);
        Task[] claims = [.. Enumerable.Range(0, 8).Select(_ => ClaimAsync(greedy, 20 * MiB, 19 * MiB))];
        int answered = 0;
        while (!Task.WhenAll(claims).IsCompleted || answered < 20)
        {
            await AnswersAsync(steady);
            answered++;
        }

        await Task.WhenAll(claims);
        await Until.TrueAsync(() => !server.Budget.Pressed, "there is room again");
        Assert.Empty(server.Errors);
    }

    [Fact]
    public async Task What_handlers_hold_counts_and_the_largest_ends_first()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream large = await HoldAsync(client, 20 * MiB), small = await HoldAsync(client, 4 * MiB);
        server.Budget.Take(9 * MiB);
        Assert.Equal((int)StatusCode.ResourceExhausted, (await large.EndAsync()).GrpcStatus);
        server.Budget.Return(9 * MiB);
        await Until.TrueAsync(() => server.Budget.UsedBytes < 10 * MiB, "what it held is given back");
        Assert.False(small.Over);
        await AnswersAsync(client);
    }

    [Fact]
    public async Task A_call_of_some_chunks_outlasts_many_of_less_when_their_connections_hold_more()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client honest = await RawHttp2Client.ConnectAsync(server.Port);
        RawHttp2Client[] greedy = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => RawHttp2Client.ConnectAsync(server.Port)));
        RawStream large = await HoldAsync(honest, 200 * 1024);
        RawStream[] small = await Task.WhenAll(greedy.SelectMany(client => Enumerable.Range(0, 20).Select(_ => HoldAsync(client, 40 * 1024))));
        server.Budget.Take(4 * MiB);
        await Until.TrueAsync(() => small.Any(stream => stream.Over), "the first of many ends");
        await Until.TrueAsync(() => !server.Budget.Exhausted, "there is room again");

        Assert.False(large.Over);
        await Task.WhenAll(greedy.Select(client => client.DisposeAsync().AsTask()));
        server.Budget.Return(4 * MiB);
    }

    [Fact]
    public async Task A_new_call_waits_for_room_instead_of_being_refused()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        server.Budget.Take(BudgetMiB * MiB);
        RawStream waiting = await client.CallAsync(Echo);
        await waiting.SendAsync(RawHttp2Client.Message("x"u8), endStream: true);
        await Until.TrueAsync(() => server.Budget.Calls.Count == 1, "the call is there");
        server.Budget.Return(BudgetMiB * MiB);
        Assert.Equal(0, (await waiting.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task Quiet_calls_survive_thousands_of_small_ones_of_another_connection()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client honest = await RawHttp2Client.ConnectAsync(server.Port);
        await using RawHttp2Client greedy = await RawHttp2Client.ConnectAsync(server.Port);
        List<RawStream> quiet = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => BegunAsync(honest)))];
        List<RawStream> many = [];
        try
        {
            while (!server.Budget.Exhausted)
            {
                many.Add(await greedy.CallAsync(Echo));
                await many[^1].SendAsync(RawHttp2Client.Message("x"u8));
            }
        }
        catch (IOException)
        {
            // Its streams that have ended were too much.
        }

        await Until.TrueAsync(() => greedy.Closed || many.Any(stream => stream.Over), "the first of many ends");
        await Until.TrueAsync(() => !server.Budget.Pressed, "there is room again");
        Assert.DoesNotContain(quiet, stream => stream.Over);
        Assert.Contains(server.Budget.Relief.Measurements(), count => count.Value > 0 && count.Tags.Contains(new("rule", "small_call")));
        await Task.WhenAll(quiet.Select(async stream =>
        {
            await stream.SendAsync(RawHttp2Client.Message("again"u8), endStream: true);
            Assert.Equal((0, 2), ((await stream.EndAsync()).GrpcStatus, stream.Messages().Count));
        }));
    }

    [Fact]
    public async Task A_call_whose_peer_is_gone_keeps_nobody_from_being_ended()
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously), over = new();
        await using TestGrpcServer server = await StartAsync(more: ("Deaf", async (_, _, call) =>
        {
            call.Memory.Take(20 * MiB);
            using CancellationTokenRegistration told = call.Aborted.Register(gone.SetResult);
            await over.Task;
        }));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream deaf = await client.CallAsync($"/{TestGrpcServer.Service}/Deaf");
        await deaf.SendAsync(RawHttp2Client.Message("x"u8));
        await Until.TrueAsync(() => server.Budget.UsedBytes > 20 * MiB, "it holds much");
        await deaf.ResetAsync();
        await gone.Task.WaitAsync(RawHttp2Client.Patience);

        RawStream other = await HoldAsync(client, 10 * MiB);
        server.Budget.Take(3 * MiB);
        server.Budget.Take(20 * MiB); // what the first holds does not come back
        Assert.Equal((int)StatusCode.ResourceExhausted, (await other.EndAsync()).GrpcStatus);
        over.SetResult();
    }

    [Fact]
    public async Task Answers_that_nobody_takes_are_dropped_when_the_memory_is_needed()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client silent = await RawHttp2Client.ConnectAsync(server.Port, receiveWindowBytes: 0);
        await using RawHttp2Client steady = await RawHttp2Client.ConnectAsync(server.Port);
        for (int i = 0; i < 64; i++)
        {
            RawStream stream = await silent.CallAsync(Echo);
            await stream.SendAsync(RawHttp2Client.Message(new byte[700_000]));
        }

        await Until.TrueAsync(() => !server.Budget.Pressed, "there is room again");
        await AnswersAsync(steady);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("a part")]
    [InlineData("drops")]
    public async Task A_call_whose_peer_keeps_it_waiting_inside_a_message_ends(string sends)
    {
        await using TestGrpcServer server = await StartAsync(messageTimeout: TimeSpan.FromSeconds(2));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream stream = await client.CallAsync(Echo);
        if (sends is not "nothing")
        {
            await stream.SendAsync([0, 0, 0, 1, 0, 1, 2]);
        }

        while (sends is "drops" && !stream.Over)
        {
            await client.WriteAsync(RawHttp2Client.Data(stream, [0]));
            await Task.WhenAny(stream.EndAsync(), Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None));
        }

        Assert.Equal((int)StatusCode.Aborted, (await stream.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task A_large_message_may_come_slowly_as_long_as_it_comes()
    {
        TimeSpan limit = TimeSpan.FromSeconds(1);
        await using TestGrpcServer server = await StartAsync(messageTimeout: limit);
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream slow = await client.CallAsync(Echo), late = await client.CallAsync(Echo);
        byte[] message = RawHttp2Client.Message(new byte[12 * MiB]);
        for (int at = 0; at < message.Length && !slow.Over; at += MiB)
        {
            await slow.SendAsync(message[at..Math.Min(message.Length, at + MiB)]);
            await Task.Delay(limit / 2, TimeProvider.System, CancellationToken.None);
        }

        Assert.Equal((int)StatusCode.Aborted, (await late.EndAsync()).GrpcStatus); // whose first message did not come in a fraction of that time
        await slow.ReceivedAsync(1);
        Assert.False(slow.Over);
    }

    [Theory]
    [InlineData(Echo, "application/grpc")]
    [InlineData("/grpc.health.v1.Health/List", "application/grpc")]
    [InlineData("/nobody/knows", "text/plain")]
    [InlineData(Echo, "text/plain")]
    public async Task Answers_that_are_given_and_not_taken_are_reset_while_memory_is_scarce(string path, string contentType)
    {
        await using TestGrpcServer server = await StartAsync(messageTimeout: TimeSpan.FromSeconds(1));
        server.Budget.Take(server.Budget.LimitBytes / 5 * 3);
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port, receiveWindowBytes: 0);
        RawStream stream = await client.CallAsync(path, ("content-type", contentType));
        await stream.SendAsync(RawHttp2Client.Message([]), endStream: true);
        await client.UntilAsync(() => stream.Over, "it ends");
        Assert.NotNull(stream.ResetCode);
        await Until.TrueAsync(() => server.Budget.Untaken.Count == 0, "nothing waits any more");
    }

    [Fact]
    public async Task A_call_between_messages_and_one_that_the_server_does_not_read_may_take_their_time()
    {
        await using TestGrpcServer server = await StartAsync(messageTimeout: TimeSpan.FromSeconds(1));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream between = await client.CallAsync(Echo), unread = await client.CallAsync($"/{TestGrpcServer.Service}/ReadNothing"), late = await client.CallAsync(Echo);
        await between.SendAsync(RawHttp2Client.Message("x"u8));
        await unread.SendAsync([0, 0, 0, 1, 0, 1, 2]);
        await late.EndAsync(); // it began last and waited for longer than the limit
        Assert.False(between.Over || unread.Over);
        await between.SendAsync(RawHttp2Client.Message("y"u8), endStream: true);
        Assert.Equal(0, (await between.EndAsync()).GrpcStatus);
    }

    private static async Task ClaimAsync(RawHttp2Client client, int claimedBytes, int sentBytes)
    {
        RawStream stream = await client.CallAsync(Echo);
        byte[] begun = new byte[5 + sentBytes];
        BinaryPrimitives.WriteInt32BigEndian(begun.AsSpan(1), claimedBytes);
        await stream.SendAsync(begun);
        await stream.EndAsync();
    }

    private static async Task<RawStream> HoldAsync(RawHttp2Client client, int bytes)
    {
        RawStream stream = await client.CallAsync(Hold);
        byte[] wanted = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(wanted, bytes);
        await stream.SendAsync(RawHttp2Client.Message(wanted));
        await stream.ReceivedAsync(1);
        return stream;
    }

    private static async Task AnswersAsync(RawHttp2Client client)
    {
        RawStream stream = await client.CallAsync(Echo);
        await stream.SendAsync(RawHttp2Client.Message("small"u8), endStream: true);
        await stream.EndAsync();
        Assert.Equal((0, 1), (stream.GrpcStatus, stream.Messages().Count));
    }

    private static async Task<RawStream> BegunAsync(RawHttp2Client client)
    {
        RawStream stream = await client.CallAsync(Echo);
        await stream.SendAsync(RawHttp2Client.Message("first"u8));
        await stream.ReceivedAsync(1);
        return stream;
    }

    private static Task<TestGrpcServer> StartAsync(TimeSpan? messageTimeout = null, params (string Method, GrpcHandler Handler)[] more) => TestGrpcServer.StartAsync(
        new GrpcTransportOptions { MemoryBudgetBytes = BudgetMiB * MiB, MessageTimeout = messageTimeout ?? TimeSpan.FromMinutes(1) },
        [.. more,
        ("Hold", async (reader, writer, call) =>
        {
            await reader.WaitAsync(CancellationToken.None);
            Assert.True(reader.TryRead(out var wanted));
            call.Memory.Take(BinaryPrimitives.ReadInt32BigEndian(System.Buffers.BuffersExtensions.ToArray(wanted)));
            writer.Begin(0);
            await writer.FlushAsync(CancellationToken.None);
            await reader.WaitAsync(CancellationToken.None);
        })]);
}
