using Envoy.Api.Protos;
using Google.Protobuf.Reflection;
using PolicyValidator.Rules;

namespace PolicyValidator.Decoding;

/// <summary>The message types that the official Envoy binaries know, and those whose fields are known here.</summary>
internal static class EnvoyTypes
{
    private static readonly Lazy<ReleaseTable> Known = new(() => ReleaseTable.Load("EnvoyTypes.txt", words: 1));

    /// <summary>The descriptor of a type whose fields are known here; null for others.</summary>
    public static MessageDescriptor? Find(string fullName) => EnvoyDescriptors.Find(fullName);

    /// <summary>Whether a release's binary can read a <c>google.protobuf.Any</c> of this type.</summary>
    public static bool IsLinkedIn(string fullName, EnvoyVersion version) => Known.Value.Has(fullName, version);
}
