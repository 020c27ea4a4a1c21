using OrleansCallback.Calls;
using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Web.Security;

namespace OrleansCallback.Web.Embedded;

/// <summary>
/// What a new embedded site starts with. All numbers are of the ranges that the regulator keeps for films, and the sandbox's phones behave
/// by their last three digits: 0yz answers after y seconds and hangs up z seconds later, if z is not 0; 2.. is busy.
/// </summary>
public static class SeedDirectory
{
    /// <summary>The password of all seeded accounts.</summary>
    public const string Password = "callback";

    /// <summary>The account with credit that the banner names.</summary>
    public const string RichAccount = "alice";

    /// <summary>The account without credit.</summary>
    public const string PoorAccount = "bob";

    /// <summary>The account with all roles.</summary>
    public const string AdminAccount = "admin";

    /// <summary>What each seeded wallet holds: five whole units.</summary>
    public static readonly Money Credit = new(5_000_000);

    /// <summary>The wallets that have credit.</summary>
    public static readonly IReadOnlyList<string> Wallets = ["member/alice", "merchant/florist", "merchant/surgery", "sponsor/town-guide"];

    /// <summary>The accounts.</summary>
    public static readonly IReadOnlyList<MemberRegistration> Members =
    [
        new(RichAccount, "Alice Arendt", PhoneNumber.FromE164("+491713920020"), Password, [Roles.Member]),
        new(PoorAccount, "Bob Berger", PhoneNumber.FromE164("+491713920010"), Password, [Roles.Member]),
        new(AdminAccount, "Site administrator", PhoneNumber.FromE164("+493023125020"), Password, Roles.All),
    ];

    /// <summary>The merchants: one for each payer, and one whose phone is busy.</summary>
    public static readonly IReadOnlyList<Merchant> Merchants =
    [
        new("bakery", "Bakery Sonnenschein", "Bread and rolls from the stone oven, cakes to order.", PhoneNumber.FromE164("+493023125010"), Payer.Member),
        new("florist", "Florist Margerite", "Bouquets, weddings, delivery on the same day.", PhoneNumber.FromE164("+493023125018"), Payer.Merchant),
        new("plumber", "Plumber Lindner", "Burst pipes and cold radiators, day and night.", PhoneNumber.FromE164("+493023125020"), Payer.Sponsor, "town-guide"),
        new("surgery", "Surgery Dr. Vogel", "General practice. The line is always busy.", PhoneNumber.FromE164("+493023125200"), Payer.Merchant),
    ];
}
