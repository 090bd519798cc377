using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
using ExtProc.Front.Filter;
using ExtProc.Protocol;
using ExtProc.Transport;
using Google.Protobuf;
using HeaderMutation = ExtProc.Protocol.HeaderMutation;
using WireMap = Envoy.Config.Core.V3.HeaderMap;

namespace ExtProc.Tests.Protocol;

/// <summary>What the hand-written encoder writes is what the generated classes read.</summary>
public sealed class ReplyEncoderTests
{
    private const int Seeds = 1500;

    [Fact]
    public void Headers_answers_read_back_as_they_were_meant() => Each(random =>
    {
        Direction direction = Way(random);
        (HeaderMutation mutation, Envoy.Service.ExtProc.V3.HeaderMutation? meant) = Mutation(random);
        byte[]? replacement = random.Next(2) == 0 ? random.Bytes(400) : null;
        bool clear = random.Next(2) == 0;
        ProcessingResponse read = Written(encoder => encoder.Headers(direction, mutation, clear, replacement is null ? (ReadOnlyMemory<byte>?)null : replacement, Extras(random)));

        HeadersResponse answer = direction is Direction.Request ? read.RequestHeaders : read.ResponseHeaders;
        CommonResponse common = answer.Response ?? new();
        Assert.Equal(meant, common.HeaderMutation);
        Assert.Equal(clear, common.ClearRouteCache);
        Assert.Equal(replacement is not null, common.Status is CommonResponse.Types.ResponseStatus.ContinueAndReplace);
        Assert.Equal(replacement, common.BodyMutation?.Body.ToByteArray());
    });

    [Fact]
    public void Body_answers_read_back_as_they_were_meant() => Each(random =>
    {
        Direction direction = Way(random);
        (HeaderMutation mutation, Envoy.Service.ExtProc.V3.HeaderMutation? meant) = Mutation(random);
        byte[]? changed = random.Next(3) > 0 ? random.Bytes(9000) : null;
        ProcessingResponse read = Written(encoder => encoder.Body(direction, changed is null ? (ReadOnlySequence<byte>?)null : random.Split(changed), mutation, clearRouteCache: false, Extras(random)));

        CommonResponse common = (direction is Direction.Request ? read.RequestBody : read.ResponseBody).Response ?? new();
        Assert.Equal(meant, common.HeaderMutation);
        Assert.Equal(changed is null ? BodyMutation.MutationOneofCase.None : changed.Length == 0 ? BodyMutation.MutationOneofCase.ClearAllBody : BodyMutation.MutationOneofCase.Body, common.BodyMutation?.MutationCase ?? BodyMutation.MutationOneofCase.None);
        Assert.Equal(changed is { Length: > 0 } ? changed : [], common.BodyMutation?.Body.ToByteArray() ?? []);
    });

    [Fact]
    public void Streamed_chunks_read_back_as_they_were_meant() => Each(random =>
    {
        Direction direction = Way(random);
        byte[] bytes = random.Bytes(70_000);
        bool end = random.Next(2) == 0;
        ProcessingResponse read = Written(encoder => encoder.StreamedChunk(direction, random.Split(bytes), end, Extras(random)));

        StreamedBodyResponse streamed = (direction is Direction.Request ? read.RequestBody : read.ResponseBody).Response.BodyMutation.StreamedResponse;
        Assert.Equal(bytes, streamed.Body.ToByteArray());
        Assert.Equal(end, streamed.EndOfStream);
    });

    [Fact]
    public void Trailers_answers_read_back_as_they_were_meant() => Each(random =>
    {
        Direction direction = Way(random);
        (HeaderMutation mutation, Envoy.Service.ExtProc.V3.HeaderMutation? meant) = Mutation(random);
        ProcessingResponse read = Written(encoder => encoder.Trailers(direction, mutation, Extras(random)));

        Assert.Equal(meant, (direction is Direction.Request ? read.RequestTrailers : read.ResponseTrailers).HeaderMutation);
    });

    [Fact]
    public void Header_changes_come_out_at_Envoy_as_the_author_sees_them() => Each(random =>
    {
        WireMap received = random.Map();
        foreach (var header in received.Headers)
        {
            header.Key = "x-" + (char)('a' + random.Next(4));
            header.RawValue = ByteString.CopyFromUtf8(random.Text(5) + "v");
        }

        var map = new HeaderMap(new HeaderChangeRules("request headers", MutationRules.Default, new ExchangeLimits()));
        map.Receive(received.ToByteArray());
        List<KeyValuePair<string, string>> atEnvoy = [.. map];
        var envoy = new HeaderEffects(MutationRules.Default, 100, 60 << 10, violation => Assert.Fail(violation));
        for (int replies = random.Next(1, 3); replies > 0; replies--)
        {
            for (int changes = random.Next(5); changes > 0; changes--)
            {
                Change(map, random);
            }

            HeaderMutation mutation = map.TakeUnsent();
            ProcessingResponse read = Written(encoder => encoder.Headers(Direction.Request, mutation, false, null, []));
            Assert.Null(envoy.Apply(atEnvoy, read.RequestHeaders.Response?.HeaderMutation));
        }

        Assert.Equal(ByName(map), ByName(atEnvoy));
    });

    private static void Change(HeaderMap map, Random random)
    {
        string name = "X-" + (char)('a' + random.Next(5));
        switch (random.Next(3))
        {
            case 0: map.Set(name, random.Text(6)); break;
            case 1: map.Append(name, random.Text(6)); break;
            default: map.Remove(name); break;
        }
    }

    private static string ByName(IEnumerable<KeyValuePair<string, string>> lines) =>
        string.Join("\n", lines.GroupBy(line => line.Key).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}: {string.Join("|", group.Select(line => line.Value))}"));

    private static void Each(Action<Random> test)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            try
            {
                test(new Random(seed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }

    private static Direction Way(Random random) => (Direction)random.Next(2);

    private static byte[] Extras(Random random) => random.Next(3) > 0 ? [] : new ProcessingResponse { DynamicMetadata = new() { Fields = { ["ns"] = Google.Protobuf.WellKnownTypes.Value.ForString("v") } } }.ToByteArray();

    /// <summary>Changes of names that differ, so that what is meant is as plain as what is written.</summary>
    private static (HeaderMutation Ours, Envoy.Service.ExtProc.V3.HeaderMutation? Meant) Mutation(Random random)
    {
        List<HeaderChange> changes = [.. Enumerable.Range(0, random.Next(6)).Select(i => new HeaderChange((HeaderChangeKind)random.Next(3), $"x-{i}{random.Text(20)}", random.Text(300)))];
        if (changes.Count == 0)
        {
            return (HeaderMutation.None, null);
        }

        var meant = new Envoy.Service.ExtProc.V3.HeaderMutation();
        foreach (HeaderChange change in changes)
        {
            if (change.Kind is HeaderChangeKind.Remove)
            {
                meant.RemoveHeaders.Add(change.Name);
                continue;
            }

            meant.SetHeaders.Add(new Envoy.Config.Core.V3.HeaderValueOption { Header = new() { Key = change.Name, RawValue = ByteString.CopyFrom(Encoding.UTF8.GetBytes(change.Value)) } });
#pragma warning disable CS0612 // Envoy reads the old `append`
            if (change.Kind is HeaderChangeKind.Append)
            {
                meant.SetHeaders[^1].Append = true;
            }
#pragma warning restore CS0612
        }

        return (HeaderMutation.Of(changes, 0), meant);
    }

    private static ProcessingResponse Written(Action<ReplyEncoder> write)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var output = new GrpcWriter(pipe.Writer);
        write(new ReplyEncoder(output));
        output.Commit();
        pipe.Writer.Complete();
        Assert.True(pipe.Reader.TryRead(out ReadResult read));
        byte[] bytes = read.Buffer.ToArray();
        Assert.True(GrpcFrame.TryRead(read.Buffer, out GrpcFrame frame));
        Assert.Equal(bytes.Length - GrpcFrame.PrefixBytes, (int)frame.LengthBytes);
        return ProcessingResponse.Parser.ParseFrom(bytes.AsSpan(GrpcFrame.PrefixBytes));
    }
}
