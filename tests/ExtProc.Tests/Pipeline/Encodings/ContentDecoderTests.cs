using ExtProc.Abilities;
using ExtProc.Attacks.Wire;
using ExtProc.Configuration;
using ExtProc.Memory;
using ExtProc.Pipeline;
using ExtProc.Pipeline.Encodings;

namespace ExtProc.Tests.Pipeline.Encodings;

/// <summary>A content-encoding is decoded in pieces, whatever it grows to.</summary>
public sealed class ContentDecoderTests
{
    private const int MostPieceBytes = 64 << 10;

    private static readonly ExchangeLimits Unlimited = new() { DecodedRatio = int.MaxValue };

    public static TheoryData<string> Codings => [.. ContentCodings.All];

    [Theory]
    [MemberData(nameof(Codings))]
    public void What_one_push_decodes_to_comes_in_pieces(string coding)
    {
        byte[] plain = new byte[5 << 20];
        using ContentDecoder decoder = new(coding, Unlimited, MemoryAccount.Nobodys);

        decoder.Push(ContentCodings.Encode(coding, plain), isLast: true);

        List<byte[]> pieces = [.. Pieces(decoder)];
        Assert.Equal(plain, pieces.SelectMany(static piece => piece));
        Assert.All(pieces, static piece => Assert.InRange(piece.Length, 0, MostPieceBytes));
        Assert.False(decoder.HasLeftOver);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Bytes_behind_the_end_are_left_over(string coding)
    {
        using ContentDecoder decoder = new(coding, Unlimited, MemoryAccount.Nobodys);

        decoder.Push((byte[])[.. ContentCodings.Encode(coding, "hi"u8), .. "secret"u8], isLast: true);

        Assert.Equal("hi"u8.ToArray(), Pieces(decoder).SelectMany(static piece => piece));
        Assert.True(decoder.HasLeftOver);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void A_body_is_decoded_wherever_it_is_cut(string coding)
    {
        byte[] encoded = [.. ContentCodings.Encode(coding, "hi"u8), 0];
        for (int cut = 0; cut < encoded.Length; cut++)
        {
            using ContentDecoder decoder = new(coding, Unlimited, MemoryAccount.Nobodys);
            decoder.Push(encoded.AsMemory(0, cut), isLast: false);
            byte[] first = [.. Pieces(decoder).SelectMany(static piece => piece)];

            decoder.Push(encoded.AsMemory(cut), isLast: true);

            Assert.Equal("hi"u8.ToArray(), first.Concat(Pieces(decoder).SelectMany(static piece => piece)));
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Its_memory_is_counted_until_it_ends(string coding)
    {
        MemoryAccount account = new();
        ContentDecoder decoder = new(coding, Unlimited, account);
        Assert.InRange(account.HeldBytes, 57 << 10, 128 << 10);

        decoder.Push(ContentCodings.Encode(coding, new byte[5 << 20]), isLast: true);
        _ = Pieces(decoder).Count();
        Assert.InRange(account.HeldBytes, 57 << 10, coding == "br" ? 6 << 20 : 128 << 10);

        decoder.Dispose();
        Assert.Equal(0, account.HeldBytes);
    }

    [Fact]
    public void The_tables_that_a_few_bytes_of_br_ask_for_are_counted()
    {
        MemoryAccount account = new();
        ContentDecoder decoder = new("br", Unlimited, account);

        decoder.Push(BrotliHead.Largest(), isLast: false);
        Assert.Empty(Pieces(decoder).SelectMany(static piece => piece));
        Assert.InRange(account.HeldBytes, 2 << 20, 4 << 20);

        decoder.Dispose();
        Assert.Equal(0, account.HeldBytes);
    }

    [Fact]
    public void Tables_that_the_budget_has_no_room_for_are_not_made()
    {
        MemoryAccount account = new(new SmallBudget());
        using ContentDecoder decoder = new("br", Unlimited, account);

        decoder.Push(BrotliHead.Largest(), isLast: false);

        Assert.Throws<MemoryBudgetException>(() => Pieces(decoder).Count());
        Assert.InRange(account.HeldBytes, 1, SmallBudget.Bytes);
    }

    private sealed class SmallBudget : IMemoryBudget
    {
        public const int Bytes = 1 << 20;

        public long LimitBytes => Bytes;

        public LargeArrays LargeArrays => throw new NotSupportedException();

        public void Take(long bytes)
        {
        }

        public void Return(long bytes)
        {
        }

        public bool MustGiveWay(long heldBytes) => heldBytes > Bytes;
    }

    private static IEnumerable<byte[]> Pieces(ContentDecoder decoder)
    {
        PooledBytes piece = new();
        bool goesOn;
        do
        {
            goesOn = decoder.TryNext(piece);
            yield return piece.Memory.ToArray();
            piece.Release();
        }
        while (goesOn);
    }
}
