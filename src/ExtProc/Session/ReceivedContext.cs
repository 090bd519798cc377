using Envoy.Service.ExtProc.V3;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Session;

/// <summary>
/// Attributes and dynamic metadata of an exchange, kept as they came and decoded when first asked for. Attributes come once a
/// direction, in its first message; metadata comes with every message.
/// </summary>
internal sealed class ReceivedContext
{
    private const string AttributesKey = "envoy.filters.http.ext_proc";

    private readonly List<byte[]> _encoded = [];
    private readonly List<ProcessingRequest> _decoded = [];

    public void Keep(byte[] message) => _encoded.Add(message);

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
