using System.Reflection;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using PolicyValidator.Readers;
using Tests.Shared;

namespace PolicyValidator.Tests.Readers;

/// <summary>
/// The walker compares descriptors by identity. Those of generated classes are other instances than those that it decodes with, so that a
/// comparison with one of them is never true and nobody is told.
/// </summary>
public sealed partial class EnvoyMessagesTests
{
    [Fact]
    public void No_code_uses_the_descriptor_of_a_generated_class() => Assert.Empty(
        from file in Directory.GetFiles(Repository.PathOf("src", "PolicyValidator"), "*.cs", SearchOption.AllDirectories)
        from line in File.ReadLines(file).Index()
        where Generated().IsMatch(line.Item) || line.Item.StartsWith("using Envoy.Config.", StringComparison.Ordinal) || line.Item.StartsWith("using Envoy.Extensions.", StringComparison.Ordinal)
        select $"{Path.GetFileName(file)}:{line.Index + 1} {line.Item.Trim()}");

    [Fact]
    public void Every_message_that_readers_tell_apart_is_one_that_is_decoded() =>
        Assert.All(
            typeof(EnvoyMessages).GetProperties(BindingFlags.Public | BindingFlags.Static),
            property => Assert.NotNull((MessageDescriptor?)property.GetValue(null)));

    /// <summary>A type's name, a dot and Descriptor; not a variable's, which begins small.</summary>
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(\.[A-Z]\w*)*(?<!\bfield|\bField)\.Descriptor\b")]
    private static partial Regex Generated();
}
