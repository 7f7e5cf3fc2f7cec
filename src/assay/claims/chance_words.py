"""The weights of `chance`: `python -m tests.eval.chances --write`."""

BIAS = -0.3
"""What is added whatever a sentence says."""
_TOLD = r"""
    !=-2.4 "=0.7 #0=-4.3 #1=-2.2 #2=0.5 #3=1.4 #4=1.8 #5=2.2 $!=-2.4 $0=-0.6 $:=-2.7
    $?=-4.1 $all=2 $alone=1.6 $anything=-2.2 $anyway=1.5 $attacks=0.9 $cent=0.5
    $clinic=-0.9 $data=-2.5 $day=-0.6 $days=0.6 $diabetes=1.2 $do=1.7 $effect=1.4
    $either=0.4 $extract=-0.9 $fast=2 $fatal=2.3 $fine=1.9 $half=1.4 $here=-1.4
    $high=1.4 $hours=-1 $is=1.5 $it=-0.5 $later=1.7 $life=2 $lol=-1 $months=3.6
    $more=2.1 $neck=-1 $nights=1.4 $none=-0.4 $not=1.4 $nothing=0.7 $often=1.1
    $people=-1 $placebo=0.7 $safe=2.2 $sclerosis=1.3 $short=1.1 $skin=2 $sleep=2.8
    $sleepy=0.4 $sooner=1.9 $stress=-1.1 $there=1.1 $thin=1.8 $times=2.4 $to=-1.2
    $up=-0.3 $week=-0.7 $well=1.2 %=3.2 0=-0.9 0_%=2.7 0_and=-1.4 0_per=1.1 0_pm=-0.9
    0_to=2.2 0_weeks=1.7 0_women=0.9 0_years=-1.1 :=-0.9 :_a=3.4 :_does=-0.9 :_in=1.4
    :_it=2.2 :_my=-1.7 :_no=-1.1 ?=-4.2 ^"=0.7 ^0=-2 ^a=0.6 ^about=2.2 ^an=2.4 ^and=1.4
    ^antibiotics=1.3 ^around=1.2 ^as=1.4 ^at=-2.3 ^but=-0.6 ^by=-2 ^don't=-2.3
    ^drink=-1.9 ^every=-1.9 ^fewer=2.8 ^first=-2.3 ^for=1.6 ^from=1.7 ^here=-1.8 ^i=-2.7
    ^i'd=-1.8 ^if=-2.2 ^in=2.6 ^it=0.6 ^it's=1.4 ^last=-1.6 ^low=1.7 ^most=2.4 ^my=-2.7
    ^nearly=1.6 ^no=-0.4 ^nobody=-1 ^not=-1.8 ^older=1.5 ^one=2.1 ^people=0.9 ^q=-2.2
    ^regular=2.3 ^ring=-1.5 ^several=1.1 ^so=-3.5 ^some=2.5 ^such=-1.8 ^take=-2.2
    ^taken=1.7 ^talk=-2.2 ^tell=-1.8 ^that=1 ^the=0.5 ^there=1.3 ^they=2.1 ^this=-2.7
    ^those=-1.3 ^we=-3.1 ^what=0.4 ^when=2.4 ^women=1.3 ^“=-1.8 a=-0.4 a_bit=2.1
    a_charger=-2.1 a_daily=1.6 a_day=1.6 a_dummy=-0.6 a_few=1.9 a_handful=-0.4
    a_high=1.1 a_hundred=1.4 a_little=1.6 a_longer=1.8 a_lot=2.1 a_month=2.3 a_new=-2.1
    a_placebo=0.5 a_quarter=1.9 a_single=1.8 a_small=-0.4 a_third=1.6 a_trial=1.1
    a_week=1.3 a_year=1.5 about_0=1.7 about_a=2.4 about_half=2.2 about_one=2.6
    about_the=-1.7 above=-0.6 acid=1.6 acids=1.7 actually=2.1 add=-0.4 adults_who=-1.1
    after_a=-1.6 against=1.1 all=-0.5 all_the=-0.5 allergy=-0.5 alone=1.6 along=1.6
    already=0.6 also=0.6 although=0.9 americans=1.1 amino=1.7 amino_acids=1.7 among=1.8
    an=2.3 an_extra=1.6 an_hour=0.5 and_0=-0.6 and_a=-1.5 and_all=-0.5 and_asthma=2.1
    and_blood=2 and_heavy=0.6 and_i=-1.5 and_in=2.1 and_it=1.3 and_no=2.4 and_nobody=2.5
    and_skip=-1.7 and_the=0.5 and_their=2 and_to=1.6 and_we=-2.2 and_you=-0.4 answer=-1
    antibiotics=1.5 any=-1.4 any_harm=0.4 anything=-1.2 anyway=1.5 are=1.7 are_no=0.8
    are_not=2.2 around=1.7 around_0=1.2 as=1.8 as_a=0.9 as_many=1.1 as_much=1.5
    as_well=1.4 ask=-1.9 asks=-2.1 asleep=1.6 associated=1.5 associated_with=1.5
    at_a=-1.1 at_all=2 at_least=1.9 at_the=0.6 attacks=1.6 author=-2.2 away=-0.7
    away_from=-1.1 b=1.5 babies=1.6 back=-0.9 back_pain=1.9 bacteria=1.9 bad=-0.7
    banned=2.3 barely=1.8 be=-1.1 be_the=1.2 beans=1.9 beat=-0.4 beat_placebo=1.8
    because=0.6 because_it=1.7 because_of=-1.5 because_their=1.1 become=1.4 bed=-1.3
    bedtime=-0.4 beef=1.8 been_shown=2.2 been_tied=0.9 before=-1.5 before_bed=-0.9
    before_bedtime=-0.4 before_you=-2 begin=0.6 benefit=1.3 best=1.4 better=0.7
    better_off=1.2 big=1.3 bit=2.2 bit_longer=1.4 blood=2.7 blood_pressure=2.2
    blood_sugar=0.7 body=2.1 bowel=1.5 box=-2.1 brain=1.7 brain's=1.5 brains=1.6
    bring=1.3 brings=1.3 broken=0.8 brown=1.7 bugs=1.3 burning=1.9 but=0.7 but_is=-1.8
    but_it=2 but_they=1 by=-0.9 by_more=1.9 by_the=-2.3 calcium=2.3 calcium_and=1.4
    called=-1.4 calm=1.3 can=2.7 can't=-0.8 can_be=2.4 can_cause=0.8 cancer=1.9
    cannabis=1.3 cannot=0.9 capsule=-1.9 capsules=-3.5 carry=1.7 case=1.1 cause=3
    caused=1.5 caused_by=1.4 cbd=2.4 cent=1.4 cent_less=1.1 cent_of=0.9 charger=-2.1
    cheapest=1.7 check=0.5 children=2.4 choose=-2.1 chronic=1.7 cigarettes=1.3
    claims=1.9 clear=1.3 clinic=-1.2 coffee=-2.2 cold=1.1 colds=2.1 come=0.6 common=-0.5
    contains=1.9 cope=-1.1 copper=-0.6 cotton=1.9 could=-1.3 course=-1.3 cow=-0.9
    cuts=2.1 cuts_the=1.1 d=0.4 daily=2.2 damage=1.8 dark=1.7 dark_skin=-2.2 data=-2.5
    day=2.3 day_and=1.7 day_for=1.7 days=2.2 deficiency=-1.4 deficient=1.2
    depression=1.4 desk=-1.4 diabetes=1.2 did=-1.2 difference=2.2 disease=-0.8 dna=1.6
    do_i=-1.1 do_not=-1.3 doctors=1.4 does=1.6 does_it=-2.2 does_not=1.3 doesn't=3.1
    doesnt=1.7 doing=1.5 don't=-0.8 dopamine=1.3 dose=1.1 dose_of=1.8 doses=2.6
    doubles=1.5 doubles_the=1.5 down=1.9 dreams=1.7 drink=-1.9 drinkers=0.9 drive=-1.2
    drop=-0.4 drops=-0.7 drug=-0.4 drugs=1.7 dummy=-0.6 easily=1.4 effect=1.8
    effect_is=0.9 effective=-1.1 effects=1.6 eight=1 eight_weeks=0.9 end=1.4 end_up=1.4
    ended=2.3 ended_up=2.3 enzymes=1 even=0.7 even_if=-0.8 every=-2.7 everybody=-0.4
    everyone=-2.6 everyone_is=-1.6 evidence=2.1 expect=-1.1 experiment=-0.7 extra=2
    fact=-0.4 fall=2.3 fall_asleep=1.6 far_more=1.4 far_too=1.5 fast=-0.3 faster=1.4
    fatal=2.3 feel=0.7 feeling=1.4 feet=2.2 felt=-0.7 few=1.8 fewer=3.5 find=-1.9
    fine=2.1 first=-1.2 fish=1 five=2.5 five_hours=1.5 food=-0.7 foods=-1.1 for=0.8
    for_a=-1.9 for_hours=-1 for_the=0.6 for_your=-1.8 forward=-1.8 forward_this=-1.8
    found=2.2 found_in=1.5 four=0.9 free=-2.2 from=0.3 front=-0.6 full=1.6 gaba=1.5
    gave=-1.5 germany=2.2 get=0.4 get_it=1.8 gets=2.4 give=-0.9 give_up=-1.6 gives=1.6
    gives_you=1.6 go=1.1 going=-1.2 good=1.8 got=1.5 grams=1.7 grams_a=0.7 grams_of=1.7
    group=2 gut=-0.4 guys=1.4 guys_and=1.4 had_a=-0.7 hair=2.3 half=2.2 half_a=1.3
    half_an=1.2 half_as=1.3 half_of=1.2 hand=0.6 handful=-0.4 handful_of=-0.4
    happens=-0.5 hard=-1 harder=2.2 hardly=1.9 harm=1.2 has=1.6 has_a=1.9 has_been=2
    have=0.5 have_a=-1.6 have_it=1.5 health=-0.9 heart=0.8 heart_attacks=0.9 heavy=0.9
    heavy_users=0.7 help=1.4 helps=2.2 her=-1.3 here=-3.6 here_for=-1.4 high=1.9
    high_because=1 high_doses=0.9 hold=-0.5 hold_on=-1.3 holds=1.4 honestly=-0.4
    hooked=1.3 hormone=2.9 hour=0.5 hour_before=-0.5 hour_or=0.7 hours_before=-0.6
    how=0.9 huge=1 hundred=1.5 hungry=-0.7 husband=-1.2 i=-3.5 i'd=-1.8 i've=-1.4
    i_have=-1.7 i_still=-1.6 i_was=-2 if=-2.5 if_anything=1.8 if_this=-1.9 if_you=-2.1
    if_your=-1.9 ill=1 im=-1.8 improves=1.4 in=1.7 in_five=2 in_it=1.2 in_my=-1.2
    in_one=1.8 in_people=2 in_some=1.8 in_ten=2.6 in_the=0.5 in_women=1.2 in_your=1.8
    infections=2.1 instead=-0.4 into_the=1.6 is=0.9 is_a=1 is_about=-1 is_an=2.3
    is_it=-2.2 is_no=1.8 is_not=-1.1 is_one=0.9 is_that=1.1 is_the=2.1 is_too=1.5
    is_what=-0.4 isn't=0.4 it=0.5 it's_all=-1.7 it_?=-1.1 it_a=1.3 it_back=1.6
    it_beat=0.7 it_because=1.7 it_do=-0.4 it_doesn't=0.8 it_every=-0.5 it_for=2.8
    it_gets=1.2 it_has=2 it_help=-1.1 it_makes=1.8 it_may=2.3 it_off=1.8 it_or=-1
    it_really=-2 it_should=-1.4 it_tells=-1.6 it_up=-2.1 it_with=-0.5 its=1.5
    its_own=1.1 january=-1.9 jar=-1.9 job=0.4 joined=-1.6 juice=-0.5 just=2.3
    just_as=0.9 keep=-2 keep_it=-2.8 kids_who=1.1 kilo=1.5 kind=1.3 knees=0.3 know=-2.4
    large=2 largest=1.7 last=-2.8 last_spring=-1.9 last_week=-1.7 lasts=2.6 later=1.5
    leaflet=-2 least=1.9 leave=-1.1 less=2.5 less_and=0.5 less_likely=1.6 less_often=0.7
    less_than=2.2 let's=-2.6 letters=-3 levels=1.9 life=2.2 light=2 like=-1 likely=1.6
    likely_to=1.2 line=-2 little=2.3 liver=0.6 lives=-1.4 lol=-1 long=-1.8 longer=0.7
    longer_to=1.7 lose=-0.7 lose_their=-0.7 lost=1.4 lot=1 love=-2.2 lovely=-1.8 low=2.1
    low_and=-0.3 lowered=1.1 lung=1 lungs=1.3 made_from=2.1 made_in=-1.3 make=2.6
    make_people=1.2 makes=3.2 makes_it=1 many=1.5 matter=2.6 may=-0.4 may_simply=1.6
    me=-3.6 me_a=-1.7 means=1.3 means_the=1.3 measured=1.6 media=-1 medicine=-0.4
    melatonin=0.6 men=1.7 menopause=1.7 mess=2.1 mg_a=2.4 mg_of=-1.4 might=1.8 mild=2.2
    milk=-1.3 mind=2.1 mineral=1.8 minutes=1.9 moderate=1.5 molecule=1.5 month=-0.6
    months=0.3 mood=1 more=1.9 more_muscle=0.7 more_often=2.1 morning=0.7 most=3.3
    most_of=1.6 most_people=1.9 much=0.6 much_as=-1.3 multiple=1.3
    multiple_sclerosis=1.3 muscle=2.3 muscles=2.1 muscles_and=1.9 my=-3.7 my_heart=-1.3
    my_husband=-1.2 nails=-0.9 nearly=1.8 neck=-0.4 need=1.2 need_to=-0.5 negative=2
    neither=-1.5 never=-1.2 new=-0.5 next=-2.2 night=-0.9 nights=1.4 nine-tenths=1.7
    no=0.9 no_better=2 no_difference=1.7 no_longer=-1.3 nobody=-0.4 nobody_has=1.8
    none=0.7 nonsense=-1.8 nor=1.4 normal=2.1 not=-0.7 not_a=-0.5 not_been=-1.2
    not_get=1.8 nothing=1 now=-1.2 numb=1.4 number=1.2 number_of=1.2 nurse=-2.3
    o'clock=-1.1 of=0.6 of_0=1.4 of_a=2.3 of_about=1 of_an=1.7 of_attacks=0.8
    of_calcium=1.4 of_it=2.5 of_more=1.6 of_root=-0.9 of_sleep=-0.4 of_ten=1.4 of_the=3
    of_them=2.1 of_this=1.1 of_you=-2.6 of_your=1.6 off=2.6 off_within=0.6 off_your=1.6
    offered=-1.8 often=2.9 often_than=0.6 old=1.4 older=2.7 older_people=2.6 on_a=0.6
    on_for=-0.5 on_it=2.5 on_its=0.9 on_the=1.8 on_to=1.2 on_weekdays=-1.5 on_your=2.1
    once=1.4 one=1.4 one_of=1.3 one_to=-1.1 ones=3.3 only=0.5 or=1 or_a=-0.6 or_so=1.6
    or_two=1.6 or_your=-1.8 other=1.6 other_hand=1.6 our=-1.6 out=3 out_of=1.6
    outdoors=0.9 over=0.8 over_0=-1.2 overdose=1.9 own=1.3 oxide=1.3 pain=1.3
    pain_and=1.5 paper=-1 part=1.2 patches=1.8 people=1 people_a=1.3 people_have=2.3
    people_who=2.7 people_with=-2.2 per=2.2 per_cent=1.4 perfectly=0.7
    perfectly_normal=0.7 person=-0.4 pharmacist=-1.7 pill=-1.3 pills=1.4 place=2.5
    placebo=1.8 plain=1.7 plant=1.3 pm=-0.9 points=1.7 potent=2.5 powder=-1.3
    pregnant=-0.5 pressure=2.4 prevent=-0.4 protein_that=2 pulse=1.9 pushes=1.4 put=0.6
    put_on=0.6 puts=2.3 q=-2.2 quarter=1.9 quit=0.7 racing=1.8 raise=1.8 raises=1.1
    rare=2.4 rather=-0.8 reach=-1 read=-1.6 reading=-2.3 real=2.5 really=-2.4
    receptors=1.9 regular=2.3 report=1.2 reported=0.9 researchers=-2.5 results=1.7
    rich=1.4 rich_in=1.4 right=-1.7 ring=-1.9 ring_the=-1.5 risk_of=-0.8
    root_extract=-0.9 root_has=1.6 roughly=2 roughly_two=0.7 safe=2.6 said=-1 same=-0.7
    says=-1.9 school=2 scientists=0.8 sclerosis=1.3 seconds=1.6 see=0.9 seems=2
    seems_to=2 sense=-1.5 sense_of=-1 serotonin=1.5 set=-1.1 seven=2.1 several=1.8
    sex=-1.3 she=-1.7 short=0.8 shortens=1.3 shorter=1.2 should=-1.9 should_i=-0.7
    show=0.9 shown=2.2 shown_to=1.8 sick=1.2 side=1.7 side_effects=1.5 sign=0.6
    simply=1.9 since=0.4 single=1.8 single_case=1.1 sits=1.5 six=1.3 skin=2.4 skin_and=2
    skip=-1.7 skip_the=-1.7 sleep=0.7 sleep_and=-1.1 sleeping=0.5 sleepy=0.4 slept=0.6
    slower=1.2 small=-1.2 small_study=-1.8 smoke=0.9 smoking=1.3 so=-1.6 so_i=-1.9
    so_in=2.4 social=-1 social_media=-1 socks=-1.5 some=1.1 sooner=1.9 sore=2.1 sort=0.7
    special=2.2 speed=1.3 speed_up=2.2 spotted=2.1 sprays=0.9 spring=-1.9 standard=2.6
    start=-1.6 stay=1.3 steak=-0.5 still=1.1 stirred=-1.8 stomach=-0.5 stop=-0.6
    stopped=-0.8 stops=1.7 story=-2 straight=2.3 strangers=-2 strong=1.4 stronger=2.5
    strongly=-1.1 studies=1.7 study=0.5 study_of=0.9 stuff=-1.3 such=-1.9 such_as=-1.3
    sugar=2 supplements=2.2 switch=1.3 tablet=-0.9 tablets=2.6 take=-1.9 taken=1.7
    takes=2.2 talk=-2.2 talk_to=-2.2 tell=-1.3 tells=-1.6 ten=0.6 ten_minutes=1.8 tend=1
    tend_to=1 test=-0.4 than=1.9 than_a=2.4 than_half=1.3 than_the=1.4 than_those=1.3
    thanks=-1.9 that=1.2 that_is=1.6 that_it=1.7 that_of=1.1 that_the=1.3 that_was=2
    thc=1.1 the=0.5 the_0=-0.6 the_bad=-0.7 the_blood=1.5 the_body=2 the_brain=1.6
    the_brain's=1.5 the_cheapest=1.7 the_effect=1.6 the_evidence=2.1 the_first=1.1
    the_gut=1.2 the_lot=1.4 the_lungs=1.3 the_mineral=1.8 the_molecule=1.5
    the_morning=1.9 the_most=1.4 the_next=1.1 the_number=1.2 the_other=1.6 the_pills=0.7
    the_risk=2.6 the_same=-0.3 the_skin=2.7 the_sort=1 the_worst=1.7 their=0.3 them=0.8
    then=0.4 there=2.1 there's=2.1 there's_no=1.4 there_is=1.3 these=-1.6 they=2.6
    they_also=1.3 they_come=-1 they_were=1 thick=1.7 thin=1.8 thing=0.9 things=-1.6
    think=-1.3 third_of=1.6 thirty=-0.6 this=-2 this_leaflet=-1.7 this_to=-1.8 those=0.7
    those_on=1.3 those_who=1.6 though=2.7 three=1 three_months=0.9 through=-0.8
    thyroid=1.4 tied=0.9 tied_to=0.9 time=-0.7 times=2.9 tiny=1.2 to_0=2.6 to_a=-1.2
    to_be=1.8 to_get=-0.8 to_keep=2.6 to_my=-1.1 to_sleep=1.7 to_the=-1.4 to_their=-1.2
    to_three=-1.2 to_your=-0.4 today=-1.7 told=-0.7 told_to=0.5 too=0.6 took=1.2
    traditional=1.7 training=1.5 travel=2 treat=0.3 trial=2.6 trials=0.9 tried=-0.5
    trigger=1.8 trouble=0.5 trouble_is=0.5 try=-0.9 tub=-0.4 turn=2.4 turned=0.3
    turned_up=2.1 twenty=1.4 twice=1.3 twice_as=1.2 two=-0.6 two_hours=0.5 two_years=-2
    unlike=1.6 until=-0.5 untreated=1.2 up=0.6 up_a=1.9 up_for=-1 up_on=1.2 up_so=1.9
    up_the=1.8 up_to=-0.4 up_with=0.4 up_your=-1.2 upset=1.8 us=-0.8 use=-0.7
    use_it=-0.5 used=2.8 used_to=2.3 users=1.4 usually=1.6 vegan=-0.4 very=1.2 vitamin=1
    vitamin_d=0.4 volunteers=-1.1 wait=0.9 warm=0.5 way=2.8 we=-3.2 we_were=-1.7
    week=-1.2 week_and=-1.9 week_one=-0.4 weekdays=-1.5 weeks=1.8 weight=1.7
    welcome=-2.1 welcome_to=-1.4 well=1.6 well_as=0.8 went=-0.9 were=1.8 what=-0.5
    what_it=-0.5 what_you=-2.3 whatever=2 whatever_the=1.3 when=2.1 when_a=-1
    when_it=1.7 when_they=1 when_you=2.5 where=1.1 whether=1.8 which=2.5 which_can=0.8
    while=2 who_are=1.1 who_do=1.4 who_use=-0.6 who_were=1.2 whole=1.8 whose=1 will=-1.5
    will_do=1 will_have=1.5 wish=-0.7 with=-0.3 with_0=1.7 with_a=1.3 with_it=1.2
    with_the=-1.1 with_your=-2 within=2.2 within_0=1.7 without=1.5 women=2.5 won't=1.4
    work=0.4 workers=1.7 works=1.3 worst=1.7 worth=1.6 would=-0.4 would_be=-1 wrong=-1.8
    wrote=-1.4 year=1.7 year_later=1.1 years_as=1.7 yet=1.8 you=-0.3 you'd=1.8
    you're=1.4 you_a=1.2 you_are=-2.1 you_feel=-0.3 you_have=0.3 you_start=-0.5
    you_what=-1.4 you_will=-2.1 your_blood=1.6 your_dna=1.6 your_skin=2.2 zinc=1.2
    ~'re=1.4 ~ach=-0.3 ~ack=1.7 ~ady=0.6 ~age=2.9 ~ain=2.4 ~aks=1.6 ~als=1.4 ~and=-0.4
    ~ans=1.5 ~ant=-1.4 ~any=2.2 ~ard=1.3 ~ary=-0.4 ~ase=-0.5 ~ate=2.3 ~ays=-0.4
    ~ber=-1.8 ~bis=1.3 ~ble=1.9 ~bly=-1.8 ~bon=-0.8 ~cal=1.4 ~ced=-0.7 ~cer=1.9 ~ces=2.6
    ~cks=1.6 ~cle=2.3 ~cts=2.3 ~day=-1.1 ~ded=-1.9 ~der=-0.4 ~des=0.7 ~dge=-0.9 ~dly=2.6
    ~e's=0.5 ~ead=0.8 ~eat=-0.8 ~ebo=1.8 ~ect=-0.5 ~een=-0.9 ~eep=1.6 ~elf=-1.1 ~els=2.5
    ~ely=1 ~end=0.8 ~ens=1 ~ent=0.6 ~epy=0.4 ~ere=1.2 ~ery=2.5 ~ess=1.1 ~est=0.4
    ~ets=1.6 ~fee=-2.2 ~fit=1.3 ~ful=-1.2 ~ged=-1.3 ~gen=2.8 ~ger=1.7 ~gle=1.8 ~gly=0.5
    ~gry=-0.7 ~gth=-0.7 ~hed=-0.7 ~her=-0.5 ~hes=1 ~hin=2.2 ~hly=2 ~hor=-2.2 ~hts=1.4
    ~ial=0.8 ~ian=-1.2 ~ibe=-0.7 ~ice=0.9 ~ics=2.5 ~ict=-1.9 ~ide=1.6 ~ids=1.4 ~ied=-0.5
    ~ier=1.2 ~ies=-0.5 ~ike=1.6 ~ily=1.4 ~ime=1.4 ~ims=1.9 ~ine=1.3 ~ing=1 ~ins=2.9
    ~ion=0.6 ~ise=-1.8 ~ish=-0.5 ~ist=-2.2 ~ium=0.5 ~ive=0.7 ~ked=0.9 ~ken=0.8 ~ker=1
    ~kes=1.1 ~ket=-1.8 ~kly=-0.7 ~lar=2.4 ~led=1.2 ~les=1.2 ~let=-1.7 ~lls=-1.5 ~lly=1.5
    ~low=0.5 ~lth=-0.9 ~lts=1.2 ~mal=2.1 ~mas=-1.3 ~mer=-1.4 ~mes=2 ~mia=1.6 ~min=1
    ~mon=-1.2 ~n's=2.4 ~n't=3.4 ~nal=2.6 ~nce=3.3 ~ncy=-1.1 ~nds=-0.4 ~ned=0.4 ~ner=0.3
    ~nes=2.1 ~nge=-0.8 ~ngs=1.4 ~nia=1.7 ~nin=1.1 ~nks=-1.4 ~not=0.9 ~nse=-1.8 ~nst=1.1
    ~nts=1 ~nty=1.4 ~ock=-1.1 ~ody=-0.6 ~oid=1.4 ~old=-1.4 ~ome=-1.2 ~ond=1 ~ong=1.4
    ~ons=-2.2 ~ood=1 ~ool=2 ~ore=-1.5 ~ors=2.7 ~ort=1.3 ~ory=2.3 ~ose=-0.7 ~our=-1.4
    ~ous=0.3 ~out=1.5 ~own=-0.9 ~ows=2.1 ~ped=-1.2 ~per=-0.9 ~ple=1.1 ~ply=1.9 ~r's=-1
    ~ral=2.5 ~rds=1.4 ~red=-0.3 ~ren=2.4 ~rer=2.1 ~res=0.8 ~ret=-0.5 ~rgy=0.8 ~ria=1.9
    ~rin=1.2 ~rly=2.7 ~rse=-0.6 ~rty=-1.9 ~ses=-0.4 ~sis=1.6 ~snt=1.7 ~sts=1 ~tch=1.3
    ~ted=-0.7 ~ten=-1.9 ~tes=0.8 ~ths=1 ~tic=1.5 ~tle=2.3 ~tly=0.3 ~ton=1.9 ~try=1.8
    ~ugh=1.6 ~uld=-1.9 ~ule=-1.1 ~und=1.6 ~ure=0.4 ~use=1.7 ~ved=1.6 ~vel=2 ~ver=3.1
    ~ves=1.1 ~way=-0.5 “=-1.6 “_i=-1.6 “_it=-1.6 “_my=-0.9
"""
WEIGHTS = {
    name: float(weight)
    for name, _, weight in (x.rpartition("=") for x in _TOLD.split())
}
"""What each feature of a sentence adds."""
