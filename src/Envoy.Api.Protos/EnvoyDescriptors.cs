using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Envoy.Api.Protos;

/// <summary>
/// The messages of <see cref="EnvoyApi"/> without their classes: the accessors that a generated descriptor makes for each field take a
/// program that only reads descriptors most of its start.
/// </summary>
public static class EnvoyDescriptors
{
    private static readonly Lazy<FrozenDictionary<string, MessageDescriptor>> Messages = new(Load);

    /// <summary>The descriptors of all messages, those inside others too.</summary>
    public static IEnumerable<MessageDescriptor> All => Messages.Value.Values;

    /// <summary>A message's descriptor by its full name; null when there is none.</summary>
    public static MessageDescriptor? Find(string fullName) => Messages.Value.GetValueOrDefault(fullName);

    private static FrozenDictionary<string, MessageDescriptor> Load()
    {
        using Stream stream = typeof(EnvoyDescriptors).Assembly.GetManifestResourceStream("descriptors.pb")!;
        FileDescriptorSet set = FileDescriptorSet.Parser.ParseFrom(stream);
        ExtensionRegistry extensions = [OpaqueExtensions.Opaque];
        return FileDescriptor.BuildFromByteStrings(set.File.Select(file => file.ToByteString()), extensions)
            .SelectMany(file => file.MessageTypes.SelectMany(WithNested))
            .ToFrozenDictionary(message => message.FullName, StringComparer.Ordinal);
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) => [message, .. message.NestedTypes.SelectMany(WithNested)];
}
