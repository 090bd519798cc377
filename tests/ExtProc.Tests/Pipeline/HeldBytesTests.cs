using System.Buffers.Binary;
using System.Text;
using ExtProc.Memory;
using ExtProc.Pipeline;

namespace ExtProc.Tests.Pipeline;

/// <summary>What a processor holds back is counted, and costs as much as it is, however small the pieces are in which it comes.</summary>
public sealed class HeldBytesTests
{
    private const int BodyBytes = 20_000;

    public static TheoryData<string> Holders => [.. All.Keys];

    private static readonly Dictionary<string, (BodyNeed Need, string Type, byte[] Body)> All = new()
    {
        ["a stream that is held"] = (BodyNeed.Stream(BodyBytes), "text/plain", Letters(BodyBytes)),
        ["a whole body"] = (BodyNeed.Whole(BodyBytes), "text/plain", Letters(BodyBytes)),
        ["a JSON line"] = (BodyNeed.Messages(BodyBytes), "application/x-ndjson", [.. Letters(BodyBytes - 1), (byte)'\n']),
        ["an event of many lines"] = (BodyNeed.Messages(BodyBytes), "text/event-stream", [.. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("data: x\r\n", (BodyBytes / 9) - 1))), .. "\r\n"u8]),
        ["a gRPC message"] = (BodyNeed.Messages(BodyBytes), "application/grpc", Enveloped(Letters(BodyBytes - 5))),
        ["a part of a multipart body"] = (BodyNeed.Stream(BodyBytes) with { Reads = BodyTypes.Text with { Parts = true } }, "multipart/form-data; boundary=b", Multipart("", Letters(BodyBytes))),
        ["headers of a part"] = (BodyNeed.Stream(BodyBytes) with { Reads = BodyTypes.Text with { Parts = true } }, "multipart/form-data; boundary=b", Multipart($"x-a: {new string('a', BodyBytes)}\r\n", [])),
        ["padding behind a boundary"] = (BodyNeed.Stream(BodyBytes) with { Reads = BodyTypes.Text with { Parts = true } }, "multipart/form-data; boundary=b", [.. "--b"u8, .. Enumerable.Repeat((byte)' ', BodyBytes), .. "\r\n\r\n\r\n--b--"u8]),
    };

    [Theory]
    [MemberData(nameof(Holders))]
    public async Task A_body_that_comes_byte_by_byte_is_kept_once(string held)
    {
        (BodyNeed need, string type, byte[] body) = All[held];
        using CountedFlow flow = new(Holding(need), headers: ("content-type", type));
        await flow.HeadersAsync();

        for (int at = 0; at < body.Length; at++)
        {
            await flow.BodyAsync(body.AsMemory(at, 1), isLast: at == body.Length - 1);
        }

        Assert.Equal(body, flow.Left);
        Assert.InRange(flow.TakenBytes, BodyBytes / 2, BodyBytes * 8); // the square would be ten thousand times the body
        Assert.Equal(0, flow.UsedBytes);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1 << 20)]
    [InlineData(3 << 20)]
    public async Task What_is_held_is_counted_as_it_was_rented(int bodyBytes)
    {
        using CountedFlow flow = new(Holding(BodyNeed.Stream(bodyBytes)), headers: ("content-type", "text/plain"));
        await flow.HeadersAsync();
        foreach (byte[] chunk in Letters(bodyBytes).Chunk(16 << 10))
        {
            await flow.BodyAsync(chunk);
        }

        Assert.InRange(flow.UsedBytes, bodyBytes, (bodyBytes * 2) + (64 << 10));
        Assert.InRange(flow.PeakBytes, bodyBytes, (bodyBytes * 3) + (64 << 10));
    }

    [Fact]
    public async Task A_few_bytes_that_are_held_do_not_keep_the_memory_of_a_large_chunk()
    {
        using CountedFlow flow = new(Holding(BodyNeed.Stream(5), most: 5));
        await flow.HeadersAsync();
        for (int chunk = 0; chunk < 3; chunk++)
        {
            await flow.BodyAsync(Letters(1 << 20));
        }

        Assert.InRange(flow.UsedBytes, 5, 8 << 10);
    }

    [Theory]
    [InlineData(OnError.Fail)]
    [InlineData(OnError.Respond)]
    [InlineData(OnError.Skip)]
    public async Task No_onError_lets_an_exchange_outlive_the_end_of_the_budget(OnError onError)
    {
        using CountedFlow flow = new(Holding(BodyNeed.Stream(1 << 20)), onError) { LimitBytes = 100_000 };
        await flow.HeadersAsync();

        await Assert.ThrowsAsync<MemoryBudgetException>(async () =>
        {
            while (true)
            {
                await flow.BodyAsync(Letters(10_000));
            }
        });
    }

    [Fact]
    public async Task What_a_handler_writes_and_the_copy_that_it_reads_are_counted_for_its_turn()
    {
        long during = 0;
        CountedFlow? counted = null;
        using CountedFlow flow = counted = new(new Scripted
        {
            RequestBody = (_, body, _) =>
            {
                _ = body.Memory;
                body.Write(Letters(100_000));
                during = counted!.UsedBytes;
                return Verdict.Continue;
            },
        });
        await flow.HeadersAsync();

        await flow.BodyAsync(Letters(50_000));

        Assert.InRange(during, 150_000, 350_000);
        Assert.Equal(0, flow.UsedBytes);
    }

    private static byte[] Letters(int count) => [.. Enumerable.Repeat((byte)'a', count)];

    private static Scripted Holding(BodyNeed need, int most = int.MaxValue) => new()
    {
        Needs = needs => needs.RequestBody = need,
        RequestBody = (_, body, _) =>
        {
            body.Hold(body.CanHold && !body.IsMessage ? Math.Min(body.Length, most) : 0);
            return Verdict.Continue;
        },
    };

    private static byte[] Enveloped(byte[] message)
    {
        byte[] prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        return [.. prefix, .. message];
    }

    private static byte[] Multipart(string headers, byte[] content) => [.. Encoding.ASCII.GetBytes($"--b\r\n{headers}\r\n"), .. content, .. "\r\n--b--"u8];
}
