using Envoy.Service.ExtProc.V3;
using Google.Protobuf;

namespace Envoy.Api.Protos.Tests;

public sealed class WireCompatibilityTests
{
    public static TheoryData<string> ListedMessages { get; } = new(UpstreamTable.Subjects("message"));

    public static TheoryData<string> ListedEnums { get; } = new(UpstreamTable.Subjects("enum"));

    public static TheoryData<string> ListedServices { get; } = new(UpstreamTable.Subjects("rpc"));

    [Theory]
    [MemberData(nameof(ListedMessages))]
    public void A_message_has_upstreams_fields_and_no_other(string name) =>
        AssertSame(name, OurRows.Messages.TryGetValue(name, out var type) ? OurRows.Of(type) : []);

    [Theory]
    [MemberData(nameof(ListedEnums))]
    public void An_enum_has_upstreams_values_and_no_other(string name) =>
        AssertSame(name, OurRows.Enums.TryGetValue(name, out var type) ? OurRows.Of(type) : []);

    [Theory]
    [MemberData(nameof(ListedServices))]
    public void A_service_has_upstreams_methods_and_no_other(string name) =>
        AssertSame(name, OurRows.Services.TryGetValue(name, out var service) ? OurRows.Of(service) : []);

    [Fact]
    public void Every_enum_and_every_service_is_listed() =>
        Assert.Empty(OurRows.Enums.Keys.Concat(OurRows.Services.Keys).Except(UpstreamTable.Rows.Keys));

    [Fact]
    public void The_renamed_field_keeps_its_json_name_and_its_bytes()
    {
        var mutation = new BodyMutation { ClearAllBody = true };

        Assert.Equal("""{ "clearBody": true }""", JsonFormatter.Default.Format(mutation));
        Assert.Equal([0x10, 0x01], mutation.ToByteArray());
        Assert.Equal(mutation, JsonParser.Default.Parse<BodyMutation>("""{ "clearBody": true }"""));
    }

    private static void AssertSame(string name, IEnumerable<string> ours)
    {
        HashSet<string> here = [.. ours.Select(SortReserved)], upstream = [.. UpstreamTable.Rows[name].Select(SortReserved)];
        Assert.True(
            here.SetEquals(upstream),
            $"{name} differs\nonly upstream:\n  {string.Join("\n  ", upstream.Except(here))}\nonly ours:\n  {string.Join("\n  ", here.Except(upstream))}");
    }

    /// <summary>The order in which numbers are reserved means nothing.</summary>
    private static string SortReserved(string row) => row.StartsWith("message\t", StringComparison.Ordinal)
        ? row[..(row.LastIndexOf(' ') + 1)] + string.Join(',', row[(row.LastIndexOf(' ') + 1)..].Split(',').Order(StringComparer.Ordinal))
        : row;
}
