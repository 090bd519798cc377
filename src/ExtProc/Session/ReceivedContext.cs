using System.Buffers;
using Envoy.Service.ExtProc.V3;
using ExtProc.Memory;
using ExtProc.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Session;

/// <summary>
/// Attributes and dynamic metadata of an exchange, kept as they came and decoded when first asked for. Attributes come once a
/// direction, in its first message; metadata comes with every message, and is kept of the first, of headers and of trailers.
/// </summary>
internal sealed class ReceivedContext(MemoryAccount memory)
{
    private const string AttributesKey = "envoy.filters.http.ext_proc";

    // Measured: a struct of short names and values takes so many times more as objects than on the wire.
    private const int DecodedTimes = 16;

    private readonly List<byte[]> _encoded = [];
    private readonly List<ProcessingRequest> _decoded = [];

    /// <summary>Keeps what a message has of them. Called once at most for each direction's first message, headers and trailers.</summary>
    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public void Keep(in ReadOnlySequence<byte> message)
    {
        byte[] fields = ContextFields.Of(message);
        if (fields.Length > 0)
        {
            memory.Take((long)fields.Length * DecodedTimes);
            _encoded.Add(fields);
        }
    }

    public IEnumerable<Struct> Attributes()
    {
        foreach (ProcessingRequest message in Decoded())
        {
            if (message.Attributes.TryGetValue(AttributesKey, out Struct? attributes))
            {
                yield return attributes;
            }
        }
    }

    /// <summary>The newest value of a namespace; null when Envoy sent none.</summary>
    public Struct? Metadata(string filterNamespace) =>
        Decoded().AsEnumerable().Reverse().Select(message => message.MetadataContext?.FilterMetadata.GetValueOrDefault(filterNamespace)).FirstOrDefault(found => found is not null);

    private List<ProcessingRequest> Decoded()
    {
        foreach (byte[] message in _encoded)
        {
            _decoded.Add(ProcessingRequest.Parser.ParseFrom(message));
        }

        _encoded.Clear();
        return _decoded;
    }
}
