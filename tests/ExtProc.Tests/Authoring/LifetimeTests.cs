using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Authoring;

/// <summary>What an author keeps for too long throws, or shows the exchange that it came from; it never shows another's bytes.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task A_body_throws_once_its_handler_has_ended()
    {
        Body? kept = null;
        await PlayAsync(body => kept = body);

        Action[] uses =
        [
            () => _ = kept!.Span.Length, () => _ = kept!.Length, () => _ = kept!.Position, () => _ = kept!.Memory, () => _ = kept!.Output, () => _ = kept!.CanHold,
            () => kept!.Pass(0), () => kept!.Drop(0), () => kept!.Hold(0), () => kept!.Write("x"u8), () => kept!.Replace("x"u8), () => kept!.FlushAsync(default).AsTask().Wait(TimeSpan.FromSeconds(1)),
        ];

        Assert.All(uses, use => Assert.Equal(Reasons.OutOfTurn, Assert.Throws<ExchangeRefusedException>(use).Reason));
    }

    [Fact]
    public async Task Memory_of_a_body_throws_once_its_handler_has_ended()
    {
        ReadOnlyMemory<byte> kept = default;
        await PlayAsync(body => kept = body.Memory);

        Assert.Equal(Reasons.OutOfTurn, Assert.Throws<ExchangeRefusedException>(() => kept.Span.Length).Reason);
        Assert.Equal(Reasons.OutOfTurn, Assert.Throws<ExchangeRefusedException>(() => kept.ToArray()).Reason);
    }

    [Fact]
    public async Task Memory_that_was_written_to_is_never_used_again()
    {
        List<byte[]> kept = [];
        await PlayAsync(body =>
        {
            kept.Add(ArrayOf(body.Output.GetMemory(500)));
            body.Write(new byte[5000]); // makes the output move to a larger array
            kept.Add(ArrayOf(body.Output.GetMemory(500)));
        });

        AssertNotInPool(kept);
    }

    [Fact]
    public async Task Memory_of_a_local_response_is_never_used_again()
    {
        List<byte[]> kept = [];
        await Play.Through(() => new Scripted { RequestHeaders = (_, _) => Verdict.Respond(new LocalResponse(200) { WriteBody = WriteAsync }) }).RunAsync();

        AssertNotInPool(kept);

        async Task WriteAsync(PipeWriter writer, CancellationToken cancellation)
        {
            kept.Add(ArrayOf(writer.GetMemory(500)));
            writer.Advance(500);
            await writer.FlushAsync(cancellation);
        }
    }

    [Fact]
    public async Task A_handler_that_runs_on_after_its_time_cannot_read_on()
    {
        var ended = new TaskCompletionSource<Exception?>();
        var clock = new ManualClock();
        await Play.Through(() => new Scripted
        {
            RequestBody = async (_, body, cancellation) =>
            {
                ReadOnlyMemory<byte> memory = body.Memory;
                await Task.Delay(TimeSpan.FromMinutes(1), clock, CancellationToken.None);
                ended.SetResult(Record.Exception(() => memory.ToArray()));
                return Verdict.Continue;
            },
        }).Request("POST", "/", "body").Limits(limits => limits with { HandlerTimeout = TimeSpan.FromSeconds(1) }).On(clock).RunAsync();
        clock.Advance(TimeSpan.FromMinutes(2));

        Exception? thrown = await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(thrown is null or ExchangeRefusedException { Reason: Reasons.OutOfTurn }, $"{thrown}");
    }

    [Fact]
    public async Task An_exchange_that_is_over_still_shows_itself()
    {
        Exchange? kept = null;
        Play play = Play.Through(() => new Scripted
        {
            RequestHeaders = (exchange, _) =>
            {
                kept ??= exchange;
                return Verdict.Continue;
            },
        });
        await play.Request("GET", "/first").RunAsync();
        await play.Request("GET", "/second").RunAsync();

        Assert.Equal("/first", kept!.Path);
        Assert.Equal(Reasons.HeadersGone, Assert.Throws<ExchangeRefusedException>(() => kept.RequestHeaders.Set("x-late", "1")).Reason);
    }

    private static Task<Seen> PlayAsync(Action<Body> use) => Play.Through(() => new Scripted
    {
        RequestBody = (_, body, _) =>
        {
            use(body);
            return Verdict.Continue;
        },
    }).Request("POST", "/kept", "secret body").RunAsync();

    private static byte[] ArrayOf(Memory<byte> memory) =>
        MemoryMarshal.TryGetArray((ReadOnlyMemory<byte>)memory, out ArraySegment<byte> segment) ? segment.Array! : [];

    /// <summary>The shared pool gives an array that came back to it to the next who asks for one of that size.</summary>
    private static void AssertNotInPool(List<byte[]> kept)
    {
        Assert.NotEmpty(kept);
        foreach (byte[] array in kept)
        {
            byte[][] rented = [.. Enumerable.Range(0, 200).Select(_ => ArrayPool<byte>.Shared.Rent(array.Length))];
            Assert.DoesNotContain(rented, one => ReferenceEquals(one, array));
            Array.ForEach(rented, one => ArrayPool<byte>.Shared.Return(one));
        }
    }
}
